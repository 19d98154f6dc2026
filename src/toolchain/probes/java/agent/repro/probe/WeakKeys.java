package repro.probe;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;

/** What is known of objects, by identity; an entry goes when its object does. */
final class WeakKeys<V> {
    private static final class Key extends WeakReference<Object> {
        private final int hash;

        Key(Object of, ReferenceQueue<Object> gone) {
            super(of, gone);
            hash = System.identityHashCode(of);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            if (this == other) {
                return true;
            }
            Object mine = get();
            return mine != null && other instanceof Key && ((Key) other).get() == mine;
        }
    }

    private final ConcurrentHashMap<Key, V> map = new ConcurrentHashMap<>();
    private final ReferenceQueue<Object> gone = new ReferenceQueue<>();

    V get(Object of) {
        return of == null ? null : map.get(new Key(of, null));
    }

    void put(Object of, V value) {
        for (Reference<?> old = gone.poll(); old != null; old = gone.poll()) {
            map.remove(old);
        }
        map.put(new Key(of, gone), value);
    }

    void remove(Object of) {
        map.remove(new Key(of, null));
    }

    boolean isEmpty() {
        return map.isEmpty();
    }
}
