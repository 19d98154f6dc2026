package repro.probe;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;

/** What the JDK keeps to itself. Nothing here fails: what is not there is null. */
final class Fields {
    private static final ConcurrentHashMap<String, Object> KNOWN = new ConcurrentHashMap<>();
    private static final Object NONE = new Object();
    private static Method owner;
    private static Method state;

    private Fields() {}

    static Field of(String type, String name) {
        try {
            return of(Class.forName(type, false, null), name);
        } catch (ClassNotFoundException absent) {
            return null;
        }
    }

    static Field of(Class<?> type, String name) {
        String key = type.getName() + '.' + name;
        Object known = KNOWN.get(key);
        if (known == null) {
            known = NONE;
            for (Class<?> in = type; in != null && known == NONE; in = in.getSuperclass()) {
                try {
                    Field field = in.getDeclaredField(name);
                    field.setAccessible(true);
                    known = field;
                } catch (NoSuchFieldException | RuntimeException absent) {
                    // Perhaps further up.
                }
            }
            KNOWN.put(key, known);
        }
        return known instanceof Field ? (Field) known : null;
    }

    static Object get(Field field, Object of) {
        try {
            return field == null || of == null ? null : field.get(of);
        } catch (IllegalAccessException | RuntimeException error) {
            return null;
        }
    }

    static Object get(Object of, String name) {
        return of == null ? null : get(of(of.getClass(), name), of);
    }

    static void open() throws NoSuchMethodException {
        owner = AbstractOwnableSynchronizer.class.getDeclaredMethod("getExclusiveOwnerThread");
        owner.setAccessible(true);
        state = AbstractQueuedSynchronizer.class.getDeclaredMethod("getState");
        state.setAccessible(true);
    }

    static Thread ownerOf(Object lock) {
        try {
            return lock instanceof AbstractOwnableSynchronizer ? (Thread) owner.invoke(lock) : null;
        } catch (ReflectiveOperationException | RuntimeException error) {
            return null;
        }
    }

    static int stateOf(Object lock) {
        try {
            return (Integer) state.invoke(lock);
        } catch (ReflectiveOperationException | RuntimeException error) {
            return 0;
        }
    }
}
