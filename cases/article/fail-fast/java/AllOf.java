import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** allOf() completes when all have: the error that was there first is told last. */
public class AllOf {

    static String fetch(String path) throws IOException {
        URI uri = URI.create(System.getenv("REPRO_STAND_IN") + path);
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        if (connection.getResponseCode() >= 400) {
            System.err.println("Error fetching data: status " + connection.getResponseCode());
            throw new IOException("HTTP error! Status: " + connection.getResponseCode());
        }
        return new String(connection.getInputStream().readAllBytes());
    }

    static String fetchUnchecked(String path) {
        try {
            return fetch(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void main(String[] args) {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        var data1 = CompletableFuture.supplyAsync(() -> fetchUnchecked("/data1"), executor);
        var data2 = CompletableFuture.supplyAsync(() -> fetchUnchecked("/data2"), executor);
        try {
            CompletableFuture.allOf(data1, data2).join();
            System.out.println("Fetched data: " + data1.join() + " " + data2.join());
        } catch (CompletionException e) {
            System.err.println("All operations failed as an error occurred");
        }
        executor.shutdown();
    }
}
