package repro.probe;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One event as a line of JSON. What is told is kept until it is written. */
final class Row {
    /** Rows of one kind and place; more are counted only. */
    private static final int MOST = 400;
    private static final Object LOCK = new Object();
    private static final Map<String, Integer> PLACES = new HashMap<>();
    private static StringBuilder kept = new StringBuilder();
    private static FileOutputStream file;
    private static boolean held;
    static long leftOut;

    private final StringBuilder text = new StringBuilder(200);

    Row(String event, long at) {
        text.append("{\"ev\":");
        quote(event);
        text.append(",\"t\":").append(at);
    }

    static void open(String path, boolean holdBack) throws IOException {
        file = new FileOutputStream(path, true);
        held = holdBack;
    }

    /** A row of the user's own code has been told: what was held back may be written. */
    static void release() {
        held = false;
    }

    /** Whether one more row of this kind and place may be told. */
    static boolean mayTell(String place) {
        synchronized (LOCK) {
            int count = PLACES.merge(place, 1, ADD);
            leftOut += count > MOST ? 1 : 0;
            return count <= MOST;
        }
    }

    private static final java.util.function.BiFunction<Integer, Integer, Integer> ADD =
            new java.util.function.BiFunction<Integer, Integer, Integer>() {
                @Override
                public Integer apply(Integer one, Integer other) {
                    return one + other;
                }
            };

    static void write() {
        synchronized (LOCK) {
            if (held || file == null || kept.length() == 0) {
                return;
            }
            try {
                file.write(kept.toString().getBytes(StandardCharsets.UTF_8));
            } catch (IOException error) {
                // Nobody reads it any more.
            }
            kept = new StringBuilder();
        }
    }

    Row put(String key, long value) {
        key(key).append(value);
        return this;
    }

    Row put(String key, boolean value) {
        key(key).append(value);
        return this;
    }

    Row put(String key, String value) {
        key(key);
        quote(value);
        return this;
    }

    /** A value that is JSON already. */
    Row raw(String key, CharSequence json) {
        key(key).append(json);
        return this;
    }

    Row frames(String key, List<Place> frames) {
        key(key).append('[');
        for (int i = 0; i < frames.size(); i++) {
            Place place = frames.get(i);
            text.append(i == 0 ? "[" : ",[");
            quote(place.file);
            text.append(',').append(place.line).append(',');
            quote(place.function);
            text.append(']');
        }
        text.append(']');
        return this;
    }

    Row numbers(String key, List<Long> numbers) {
        key(key).append(numbers);
        return this;
    }

    Row texts(String key, String... texts) {
        key(key).append('[');
        for (int i = 0; i < texts.length; i++) {
            text.append(i == 0 ? "" : ",");
            quote(texts[i]);
        }
        text.append(']');
        return this;
    }

    void tell() {
        text.append("}\n");
        synchronized (LOCK) {
            kept.append(text);
        }
    }

    /** A row that stands inside another. */
    static Row inner() {
        Row row = new Row();
        row.text.append('{');
        return row;
    }

    private Row() {}

    String end() {
        return text.append('}').toString();
    }

    private StringBuilder key(String key) {
        if (text.length() > 1) {
            text.append(',');
        }
        quote(key);
        return text.append(':');
    }

    private void quote(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ') {
                text.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                // A lone surrogate is no UTF-8.
                text.append(Character.isSurrogate(c) ? '?' : c);
            }
        }
        text.append('"');
    }
}
