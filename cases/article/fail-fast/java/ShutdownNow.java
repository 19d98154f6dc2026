import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** shutdownNow interrupts every thread of the pool, and with them the requests that they wait for. */
public class ShutdownNow {

    static final HttpClient CLIENT = HttpClient.newHttpClient();

    static String fetch(String path) throws IOException, InterruptedException {
        URI uri = URI.create(System.getenv("REPRO_STAND_IN") + path);
        HttpRequest request = HttpRequest.newBuilder(uri).build();
        HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 400) {
            System.err.println("Error fetching data: status " + response.statusCode());
            throw new IOException("HTTP error! Status: " + response.statusCode());
        }
        return response.body();
    }

    public static void main(String[] args) throws InterruptedException {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        Future<String> data1 = executor.submit(() -> fetch("/data1"));
        Future<String> data2 = executor.submit(() -> fetch("/data2"));
        try {
            System.out.println("Fetched data: " + data1.get() + " " + data2.get());
        } catch (ExecutionException e) {
            executor.shutdownNow();
            System.err.println("All operations failed as an error occurred");
        }
        executor.shutdown();
        // The end of the program would drop the request too: go on until long after its answer was due.
        TimeUnit.SECONDS.sleep(2);
        System.out.println("The program went on.");
    }
}
