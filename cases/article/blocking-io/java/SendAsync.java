import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A request that nobody waits for: what comes after its answer is told it. */
public class SendAsync {

    static CompletableFuture<Void> load() {
        System.out.println("Load starting.");
        URI uri = URI.create(System.getenv("REPRO_STAND_IN") + "/page");
        HttpRequest request = HttpRequest.newBuilder(uri).build();
        return HttpClient.newHttpClient()
            .sendAsync(request, HttpResponse.BodyHandlers.ofString())
            .thenAccept(answer -> System.out.println("Load done."));
    }

    static void quickTask() throws InterruptedException {
        System.out.println("Quick task starting.");
        TimeUnit.MILLISECONDS.sleep(200);
        System.out.println("Quick task done.");
    }

    public static void main(String[] args) throws InterruptedException {
        CompletableFuture<Void> loaded = load();
        quickTask();
        loaded.join();
    }
}
