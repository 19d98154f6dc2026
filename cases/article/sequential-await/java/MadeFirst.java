import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** What is submitted runs: all are begun before the first is waited for. */
public class MadeFirst {

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
        List<Future<Void>> steps = new ArrayList<>();
        for (int number : List.of(1, 2, 3)) {
            steps.add(executor.submit(step(number)));
        }
        for (Future<Void> each : steps) {
            each.get();
        }
        executor.shutdown();
    }
}
