import java.io.FileOutputStream;

/** What programs do to their output: print, reopen it by its name, write much at once. */
public class CaptureProbe {
    public static void main(String[] args) throws Exception {
        System.out.println("one");
        System.err.println("two");
        try (FileOutputStream reopened = new FileOutputStream("/dev/stdout")) {
            reopened.write("three\n".getBytes());
        }
        byte[] much = new byte[(1 << 20) + 1];
        java.util.Arrays.fill(much, (byte) 'x');
        much[1 << 20] = '\n';
        System.out.write(much, 0, much.length);
        System.out.flush();
        System.err.println("four");
    }
}
