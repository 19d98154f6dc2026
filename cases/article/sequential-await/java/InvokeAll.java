import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** invokeAll() submits all steps and waits for all of them. */
public class InvokeAll {

    static Callable<Void> step(int number) {
        return () -> {
            System.out.println("Step " + number + " starting.");
            TimeUnit.MILLISECONDS.sleep(500);
            System.out.println("Step " + number + " done.");
            return null;
        };
    }

    public static void main(String[] args) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(3);
        executor.invokeAll(List.of(step(1), step(2), step(3)));
        executor.shutdown();
    }
}
