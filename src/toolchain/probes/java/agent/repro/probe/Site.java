package repro.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Where a thread is: the frames that are not the JDK's, the innermost first. */
final class Site implements Consumer<StackWalker.StackFrame> {
    private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private static final int MOST = 12;
    private static final RuntimeException ENOUGH = new RuntimeException(null, null, false, false) {};
    private final List<StackWalker.StackFrame> found = new ArrayList<>(6);
    /** Whether the JDK waits for every result, or for the first that is good, on its own. */
    boolean isInvokeAll;
    boolean isInvokeAny;
    /** Whether another part of the JDK calls, as its HTTP client does. */
    boolean isInternal;

    static Site here() {
        Site site = new Site();
        try {
            WALKER.forEach(site);
        } catch (RuntimeException enough) {
            // As deep as it needs to be.
        }
        return site;
    }

    List<StackWalker.StackFrame> frames() {
        return found;
    }

    @Override
    public void accept(StackWalker.StackFrame frame) {
        Class<?> type = frame.getDeclaringClass();
        if (type.getClassLoader() != null) {
            if (!type.getName().startsWith("repro.probe.")) {
                found.add(frame);
                if (found.size() >= MOST) {
                    throw ENOUGH;
                }
            }
        } else if (found.isEmpty()) {
            String method = frame.getMethodName();
            String name = type.getName();
            isInternal |= !name.startsWith("java.util.") && !name.startsWith("java.lang.");
            isInvokeAll |= method.equals("invokeAll");
            isInvokeAny |= method.equals("doInvokeAny") || method.equals("invokeAny");
        }
    }

    /** What tells two places apart. */
    static String key(List<StackWalker.StackFrame> site) {
        if (site.isEmpty()) {
            return "";
        }
        StackWalker.StackFrame first = site.get(0);
        return first.getClassName() + '.' + first.getMethodName() + ':' + first.getByteCodeIndex();
    }
}
