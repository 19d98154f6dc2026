package repro.probe;

import java.lang.instrument.Instrumentation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Opens packages of the JDK to the probe. */
final class Modules {
    private final Instrumentation instrumentation;
    private final Set<String> opened = new HashSet<>();

    Modules(Instrumentation instrumentation) {
        this.instrumentation = instrumentation;
    }

    void open(String name, String... packages) {
        Module module = ModuleLayer.boot().findModule(name).orElse(null);
        if (module == null || !opened.add(name)) {
            return;
        }
        Map<String, Set<Module>> opens = new HashMap<>();
        for (String one : packages) {
            opens.put(one, Set.of(Modules.class.getModule()));
        }
        instrumentation.redefineModule(module, Set.of(), Map.of(), opens, new HashSet<>(), Map.of());
    }
}
