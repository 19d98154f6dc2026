import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Four threads and four slow reads: the quick one finds no thread free. */
public class FixedPool {

    static Callable<Void> read(Pipe pipe, String name) {
        System.out.println(name + " starting.");
        return () -> {
            pipe.source().read(ByteBuffer.allocate(1));
            System.out.println(name + " done.");
            return null;
        };
    }

    static void write(Pipe pipe) throws IOException {
        pipe.sink().write(ByteBuffer.allocate(1));
    }

    public static void main(String[] args) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(4);
        executor.submit(() -> "warm").get(); // loads what starts a thread before anything is timed
        List<Pipe> slow = new ArrayList<>();
        for (int number = 0; number < 4; number++) {
            slow.add(Pipe.open());
            executor.submit(read(slow.get(number), "Slow read " + number));
        }
        Pipe quick = Pipe.open();
        write(quick);
        executor.submit(read(quick, "Quick read"));
        executor.shutdown();

        TimeUnit.MILLISECONDS.sleep(1500);
        for (Pipe pipe : slow) {
            write(pipe);
        }
        executor.awaitTermination(10, TimeUnit.SECONDS);
    }
}
