package repro.probe;

import java.io.File;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which classes are the user's own, and where their sources are. Used by the agent's own thread. */
final class Sources {
    /** The beginnings of the names of files that are not the user's. */
    static final String JDK = "jdk:";
    static final String LIBRARY = "lib:";
    private static final int DEEPEST = 60;
    private static final int MOST_FILES = 20_000;
    /** Folders that hold no sources of the user's. */
    private static final Set<String> PASSED_BY = Set.of("node_modules", "target", "build", "out", "bin", "lib", "venv");

    private final Instrumentation instrumentation;
    private final Map<String, Class<?>> classes = new HashMap<>();
    private final Map<String, String> files = new HashMap<>();
    private final Map<String, List<Path>> index = new HashMap<>();
    private final Set<Path> roots = new HashSet<>();
    private final Map<String, List<String>> texts = new HashMap<>();
    /** The source that `java App.java` was given. */
    private final Path launched;
    /** The class that has main, as far as it is known. */
    private final String main;
    private final boolean isTool;
    private int visited;

    Sources(Instrumentation instrumentation, String launched, String main, boolean isTool) {
        this.instrumentation = instrumentation;
        this.launched = launched == null ? null : Path.of(launched).toAbsolutePath().normalize();
        this.main = main;
        this.isTool = isTool;
    }

    /** The frames of a stack, the outermost first. */
    List<Place> all(StackTraceElement[] stack) {
        List<Place> found = new ArrayList<>();
        for (int i = Math.min(stack.length, DEEPEST) - 1; i >= 0; i--) {
            if (!isProbe(stack[i])) {
                found.add(place(stack[i]));
            }
        }
        return found;
    }

    /** The user's own frames of a stack, the outermost first. */
    List<Place> own(StackTraceElement[] stack) {
        List<Place> found = new ArrayList<>();
        for (int i = stack.length - 1; i >= 0; i--) {
            if (isOwn(stack[i])) {
                found.add(place(stack[i]));
            }
        }
        return found;
    }

    boolean isOwn(StackTraceElement element) {
        return !isJdk(element) && !isProbe(element) && place(element).own;
    }

    /** Where the user's innermost frame is in a stack whose innermost comes first; -1 if there is none. */
    int innermostOwn(StackTraceElement[] stack) {
        for (int i = 0; i < stack.length; i++) {
            if (isOwn(stack[i])) {
                return i;
            }
        }
        return -1;
    }

    static boolean isJdk(StackTraceElement element) {
        String module = element.getModuleName();
        return module != null && (module.startsWith("java.") || module.startsWith("jdk."));
    }

    static boolean isProbe(StackTraceElement element) {
        String name = element.getClassName();
        return name.startsWith("repro.probe.") || name.equals("java.lang.ReproHook");
    }

    Place place(StackTraceElement element) {
        String name = element.getClassName();
        String file = element.getFileName() == null ? "" : element.getFileName();
        int line = Math.max(element.getLineNumber(), 0);
        String function = function(name, element.getMethodName());
        if (isJdk(element)) {
            return new Place(JDK + element.getModuleName() + '/' + folder(name) + file, line, function, false);
        }
        String known = files.get(name);
        if (known == null) {
            known = fileOf(name, file);
            files.put(name, known);
        }
        return new Place(known, line, function, !known.startsWith(LIBRARY));
    }

    /** `a.b.Outer$Inner` and `lambda$load$0` as a reader would say them: `Outer.Inner.load`. */
    static String function(String type, String method) {
        StringBuilder name = new StringBuilder();
        for (String part : type.substring(type.lastIndexOf('.') + 1).split("[$/]")) {
            boolean isNumber = part.isEmpty() || Character.isDigit(part.charAt(0));
            if (!isNumber && !part.equals("Lambda")) {
                name.append(part).append('.');
            }
        }
        String[] parts = method.split("\\$");
        boolean isLambda = parts.length == 3 && parts[0].equals("lambda");
        String bare = isLambda ? parts[1] : method;
        return name.append(bare.equals("<init>") || bare.equals("new") ? "new" : bare).toString();
    }

    private static String folder(String type) {
        int end = type.lastIndexOf('.');
        return end < 0 ? "" : type.substring(0, end).replace('.', '/') + '/';
    }

    private String fileOf(String type, String file) {
        String relative = folder(type) + file;
        Class<?> loaded = loaded(type);
        if (loaded == null || loaded.getClassLoader() == null || file.isEmpty()) {
            return LIBRARY + relative;
        }
        if (launched != null && launched.endsWith(file) && loaded.getClassLoader().getClass().getName().contains("Memory")) {
            return launched.toString();
        }
        Path code = codeOf(loaded);
        // Within a jar of jars, what is called a library is one.
        if (code != null && code.toString().contains("/BOOT-INF/lib/")) {
            return LIBRARY + relative;
        }
        Path source = sourceOf(relative, file, code);
        if (source != null) {
            return source.toString();
        }
        boolean isOwn = !isTool && (code != null && Files.isDirectory(code) || isLikeMain(type, code));
        return isOwn ? relative : LIBRARY + (code == null ? "" : code + "!/") + relative;
    }

    /** Whether a class stands beside the one that has main: a jar may hold the libraries as well. */
    private boolean isLikeMain(String type, Path code) {
        Class<?> entry = main == null ? null : loaded(main);
        if (entry == null || code == null || !code.equals(codeOf(entry))) {
            return false;
        }
        String[] parts = folder(main).split("/");
        String prefix = parts.length > 1 ? parts[0] + '/' + parts[1] + '/' : folder(main);
        return folder(type).startsWith(prefix) && (!prefix.isEmpty() || folder(type).isEmpty());
    }

    private Class<?> loaded(String type) {
        Class<?> known = classes.get(type);
        if (known == null) {
            for (Class<?> one : instrumentation.getAllLoadedClasses()) {
                if (one.getClassLoader() != null && !one.isHidden() && !one.isArray()) {
                    classes.put(one.getName(), one);
                }
            }
            known = classes.get(type);
        }
        return known;
    }

    private static Path codeOf(Class<?> type) {
        try {
            CodeSource code = type.getProtectionDomain().getCodeSource();
            if (code == null || code.getLocation() == null) {
                return null;
            }
            String path = code.getLocation().getPath();
            if (path.startsWith("nested:") || path.startsWith("file:")) {
                path = path.substring(path.indexOf(':') + 1);
            }
            return Path.of(path);
        } catch (RuntimeException error) {
            return null;
        }
    }

    private Path sourceOf(String relative, String file, Path code) {
        addRoot(Path.of("").toAbsolutePath());
        if (launched != null) {
            addRoot(launched.getParent());
        }
        Path found = indexed(relative, file);
        if (found == null && code != null && code.getParent() != null) {
            String path = code.toString();
            int build = Math.max(path.lastIndexOf("/target/"), path.lastIndexOf("/build/"));
            addRoot(build > 0 ? Path.of(path.substring(0, build)) : code.resolveSibling("src"));
            if (Files.isDirectory(code)) {
                addRoot(code);
            }
            found = indexed(relative, file);
        }
        return found;
    }

    private Path indexed(String relative, String file) {
        Path found = null;
        for (Path candidate : index.getOrDefault(file, List.of())) {
            if (candidate.endsWith(relative) && isOfPackage(candidate, relative, file)) {
                return candidate;
            }
            if (found == null && isOfPackage(candidate, relative, file)) {
                found = candidate;
            }
        }
        return found;
    }

    private boolean isOfPackage(Path candidate, String relative, String file) {
        String folder = relative.substring(0, relative.length() - file.length());
        String wanted = folder.isEmpty() ? "" : folder.substring(0, folder.length() - 1).replace('/', '.');
        for (String line : lines(candidate.toString())) {
            String text = line.trim();
            if (text.startsWith("package ")) {
                String named = text.substring(8).replace(";", " ").trim().split("\\s")[0];
                return named.equals(wanted);
            }
        }
        return wanted.isEmpty();
    }

    private void addRoot(Path root) {
        if (root != null && root.getNameCount() > 0 && roots.add(root)) {
            visited = 0;
            visit(root.toFile(), 10);
        }
    }

    private void visit(File folder, int depth) {
        File[] entries = folder.listFiles();
        if (entries == null) {
            return;
        }
        for (File entry : entries) {
            String name = entry.getName();
            if (++visited > MOST_FILES) {
                return;
            }
            if (name.endsWith(".java") || name.endsWith(".kt") || name.endsWith(".scala") || name.endsWith(".groovy")) {
                index.computeIfAbsent(name, NEW_LIST).add(entry.toPath().toAbsolutePath().normalize());
            } else if (depth > 0 && !name.startsWith(".") && !PASSED_BY.contains(name) && entry.isDirectory()) {
                visit(entry, depth - 1);
            }
        }
    }

    private static final java.util.function.Function<String, List<Path>> NEW_LIST =
            new java.util.function.Function<String, List<Path>>() {
                @Override
                public List<Path> apply(String name) {
                    return new ArrayList<>(1);
                }
            };

    /** The lines of a source; none if it cannot be read. */
    List<String> lines(String file) {
        List<String> known = texts.get(file);
        if (known == null) {
            try {
                known = Files.readAllLines(Path.of(file));
            } catch (java.io.IOException | RuntimeException error) {
                known = List.of();
            }
            texts.put(file, known);
        }
        return known;
    }

    /** The line at or above a place, within its method, at which one of these words takes a lock; 0 if there is none. */
    int lineAbove(Place place, String... words) {
        List<String> lines = lines(place.file);
        int inner = Integer.MAX_VALUE;
        for (int at = Math.min(place.line, lines.size()); at > 0 && place.line - at < 80; at--) {
            String line = lines.get(at - 1);
            String text = line.trim();
            int indent = line.length() - line.stripLeading().length();
            if (text.isEmpty() || indent > inner) {
                continue;
            }
            for (String word : words) {
                boolean isBeside = at != place.line && word.equals("synchronized") && indent >= inner;
                if (text.contains(word) && !isBeside && !text.startsWith("//") && !text.startsWith("*")) {
                    return at;
                }
            }
            inner = Math.min(inner, indent);
            boolean isHead = text.endsWith("{") && text.contains("(") && !text.matches(
                    "^(\\}\\s*)?(if|for|while|switch|try|catch|else|do|synchronized|return)\\b.*") && !text.contains("->");
            if (isHead) {
                return 0;
            }
        }
        return 0;
    }
}
