package repro.probe;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Adds calls to methods of a class file. At the beginning of a method, eight bytes are inserted, so that tables of jumps,
 * which are aligned to four, stay valid; at the end, its last instruction, a return, is moved behind the call. The JDK has a
 * library for this, but another one before and after version 24.
 */
final class ClassPatch {
    /** A call to add: whether at the end, and which local variables it passes (-1 for none). */
    static final class Call {
        final String method;
        final boolean atEnd;
        final int one;
        final int other;
        final int hook;

        Call(String method, boolean atEnd, int one, int other, int hook) {
            this.method = method;
            this.atEnd = atEnd;
            this.one = one;
            this.other = other;
            this.hook = hook;
        }
    }

    private static final int INSERTED = 8;
    private final byte[] in;
    private final List<Call> calls;
    private final String[] texts;
    private final DataOutputStream out;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int at;
    private int copied;
    private int target;
    private boolean changed;

    private ClassPatch(byte[] in, List<Call> calls) {
        this.in = in;
        this.calls = calls;
        this.texts = new String[u2(8)];
        this.out = new DataOutputStream(bytes);
    }

    /** The class with its calls, or null if it has none of the methods. */
    static byte[] apply(byte[] in, List<Call> calls) throws IOException {
        ClassPatch patch = new ClassPatch(in, calls);
        patch.constants();
        patch.members();
        return patch.changed ? patch.bytes.toByteArray() : null;
    }

    private int u1(int at) {
        return in[at] & 0xff;
    }

    private int u2(int at) {
        return u1(at) << 8 | u1(at + 1);
    }

    private int u4(int at) {
        return u2(at) << 16 | u2(at + 2);
    }

    private void copyTo(int end) {
        bytes.write(in, copied, end - copied);
        copied = end;
    }

    private void constants() throws IOException {
        int count = u2(8);
        at = 10;
        for (int i = 1; i < count; i++) {
            int tag = u1(at);
            switch (tag) {
                case 1:
                    texts[i] = new String(in, at + 3, u2(at + 1), StandardCharsets.UTF_8);
                    at += 3 + u2(at + 1);
                    break;
                case 5:
                case 6:
                    at += 9;
                    i++;
                    break;
                case 7:
                case 8:
                case 16:
                case 19:
                case 20:
                    at += 3;
                    break;
                case 15:
                    at += 4;
                    break;
                default:
                    at += 5;
            }
        }
        copyTo(8);
        out.writeShort(count + 6);
        copied = 10;
        copyTo(at);
        text("java/lang/ReproHook");
        pair(7, count, -1);
        text("on");
        text("(Ljava/lang/Object;Ljava/lang/Object;I)V");
        pair(12, count + 2, count + 3);
        pair(10, count + 1, count + 4);
        target = count + 5;
    }

    private void text(String text) throws IOException {
        out.writeByte(1);
        out.writeUTF(text);
    }

    private void pair(int tag, int one, int other) throws IOException {
        out.writeByte(tag);
        out.writeShort(one);
        if (other >= 0) {
            out.writeShort(other);
        }
    }

    private void members() throws IOException {
        at += 6;
        at += 2 + 2 * u2(at);
        for (int kind = 0; kind < 2; kind++) {
            int count = u2(at);
            at += 2;
            for (int i = 0; i < count; i++) {
                Call call = kind == 0 ? null : callOf(texts[u2(at + 2)] + texts[u2(at + 4)]);
                int attributes = u2(at + 6);
                at += 8;
                for (int j = 0; j < attributes; j++) {
                    if (call != null && "Code".equals(texts[u2(at)])) {
                        code(call);
                    }
                    at += 6 + u4(at + 2);
                }
            }
        }
        copyTo(in.length);
    }

    private Call callOf(String method) {
        for (Call call : calls) {
            if (method.startsWith(call.method)) {
                return call;
            }
        }
        return null;
    }

    /** Rewrites the code attribute that begins here. */
    private void code(Call call) throws IOException {
        int length = u4(at + 10);
        int first = at + 14;
        int last = u1(first + length - 1);
        if (call.atEnd && last != 0xb1 && last != 0xac && last != 0xb0) {
            return;
        }
        changed = true;
        copyTo(at + 2);
        int moved = call.atEnd ? 7 : INSERTED;
        out.writeInt(u4(at + 2) + moved + growth(call, first + length));
        out.writeShort(u2(at + 6) + 3);
        out.writeShort(u2(at + 8));
        out.writeInt(length + moved);
        copied = first;
        if (call.atEnd) {
            copyTo(first + length - 1);
            call(call);
            copyTo(first + length);
            return;
        }
        call(call);
        out.writeByte(0);
        copyTo(first + length);
        tables(first + length, true);
    }

    private void call(Call call) throws IOException {
        load(call.one);
        load(call.other);
        out.writeByte(0x10);
        out.writeByte(call.hook);
        out.writeByte(0xb8);
        out.writeShort(target);
    }

    private void load(int variable) throws IOException {
        out.writeByte(variable < 0 ? 1 : 0x2a + variable);
    }

    /** By how many bytes the tables grow: the first frame of the map of the stack may need a longer form. */
    private int growth(Call call, int tables) throws IOException {
        return call.atEnd ? 0 : tables(tables, false);
    }

    /** Moves the positions that the tables behind the code name, if they are to be written. */
    private int tables(int from, boolean write) throws IOException {
        int here = from;
        int handlers = u2(here);
        here += 2;
        for (int i = 0; i < handlers; i++, here += 8) {
            for (int j = 0; j < 6 && write; j += 2) {
                copyTo(here + j);
                out.writeShort(u2(here + j) + INSERTED);
                copied = here + j + 2;
            }
        }
        int attributes = u2(here);
        here += 2;
        int grown = 0;
        for (int i = 0; i < attributes; i++) {
            String name = texts[u2(here)];
            int body = here + 6;
            if ("StackMapTable".equals(name)) {
                grown = stackMap(here, write);
            } else if (write && "LineNumberTable".equals(name)) {
                positions(body, 4, false);
            } else if (write && ("LocalVariableTable".equals(name) || "LocalVariableTypeTable".equals(name))) {
                positions(body, 10, true);
            }
            here = body + u4(here + 2);
        }
        return grown;
    }

    private void positions(int body, int size, boolean moveFirst) throws IOException {
        int count = u2(body);
        for (int i = 0; i < count; i++) {
            int here = body + 2 + i * size;
            if (moveFirst || u2(here) > 0) {
                copyTo(here);
                out.writeShort(u2(here) + INSERTED);
                copied = here + 2;
            }
        }
    }

    /** Each frame counts from the one before it, so that the first alone has to move. */
    private int stackMap(int attribute, boolean write) throws IOException {
        int frame = attribute + 8;
        if (u2(attribute + 6) == 0) {
            return 0;
        }
        int type = u1(frame);
        boolean isShort = type < 128;
        int base = type < 64 ? 0 : 64;
        int delta = isShort ? type - base + INSERTED : u2(frame + 1) + INSERTED;
        boolean grows = isShort && delta > 63;
        if (!write) {
            return grows ? 2 : 0;
        }
        copyTo(attribute + 2);
        out.writeInt(u4(attribute + 2) + (grows ? 2 : 0));
        copied = attribute + 6;
        copyTo(frame);
        if (isShort && !grows) {
            out.writeByte(base + delta);
            copied = frame + 1;
        } else {
            out.writeByte(grows ? (base == 0 ? 251 : 247) : type);
            out.writeShort(delta);
            copied = frame + (isShort ? 1 : 3);
        }
        return grows ? 2 : 0;
    }
}
