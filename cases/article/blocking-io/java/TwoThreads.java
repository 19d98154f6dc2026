import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A thread for each task: it is the thread that waits for the answer, and nobody else. */
public class TwoThreads {

    static void load() throws IOException {
        System.out.println("Load starting.");
        URI uri = URI.create(System.getenv("REPRO_STAND_IN") + "/page");
        try (InputStream answer = uri.toURL().openStream()) { // blocks the thread that runs it
            answer.readAllBytes();
        }
        System.out.println("Load done.");
    }

    static void quickTask() throws InterruptedException {
        System.out.println("Quick task starting.");
        TimeUnit.MILLISECONDS.sleep(200);
        System.out.println("Quick task done.");
    }

    public static void main(String[] args) throws InterruptedException {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        executor.submit(() -> { load(); return null; });
        executor.submit(() -> { quickTask(); return null; });
        executor.shutdown();
        executor.awaitTermination(10, TimeUnit.SECONDS);
    }
}
