import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** submit() keeps an exception in its Future: where nobody asks for it, nobody learns of it. */
public class SubmitAndForget {

    static String fetch(String path) throws IOException {
        URI uri = URI.create(System.getenv("REPRO_STAND_IN") + path);
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        if (connection.getResponseCode() >= 400) {
            throw new IOException("HTTP error! Status: " + connection.getResponseCode());
        }
        return new String(connection.getInputStream().readAllBytes());
    }

    public static void main(String[] args) throws InterruptedException {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        executor.submit(() -> fetch("/data1"));
        executor.submit(() -> fetch("/data2"));
        executor.shutdown();
        executor.awaitTermination(10, TimeUnit.SECONDS);
        System.out.println("The program went on.");
    }
}
