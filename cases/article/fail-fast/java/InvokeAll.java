import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** invokeAll() waits for every task and keeps what became of each. */
public class InvokeAll {

    static String fetch(String path) throws IOException {
        URI uri = URI.create(System.getenv("REPRO_STAND_IN") + path);
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        if (connection.getResponseCode() >= 400) {
            System.err.println("Error fetching data: status " + connection.getResponseCode());
            throw new IOException("HTTP error! Status: " + connection.getResponseCode());
        }
        return new String(connection.getInputStream().readAllBytes());
    }

    static void print(String name, Future<String> outcome) throws InterruptedException {
        try {
            System.out.println(name + " fulfilled: " + outcome.get());
        } catch (ExecutionException e) {
            System.out.println(name + " rejected: " + e.getCause().getMessage());
        }
    }

    public static void main(String[] args) throws InterruptedException {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        List<Future<String>> outcomes =
            executor.invokeAll(List.of(() -> fetch("/data1"), () -> fetch("/data2")));
        print("data1", outcomes.get(0));
        print("data2", outcomes.get(1));
        executor.shutdown();
    }
}
