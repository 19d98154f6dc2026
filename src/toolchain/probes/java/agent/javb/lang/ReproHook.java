package javb.lang;

import java.util.function.BiConsumer;

/**
 * What patched methods of the JDK call. The agent defines it in {@code java.lang} (the name differs by one letter until
 * then): on the boot class path, where it could stand as well, it would make the JVM print a warning.
 */
public final class ReproHook {
    /** Who listens, by the number of the hook. */
    public static volatile BiConsumer<Object, Object>[] listeners;

    private ReproHook() {}

    /** A patched method began or ended. Whatever goes wrong here is none of the program's business. */
    public static void on(Object one, Object other, int hook) {
        BiConsumer<Object, Object>[] all = listeners;
        if (all != null) {
            try {
                all[hook].accept(one, other);
            } catch (Throwable error) {
                // The program goes on as if there were no hook.
            }
        }
    }
}
