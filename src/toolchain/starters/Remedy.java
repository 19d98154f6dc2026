/** Starts both tasks, then waits for them. */
public class Remedy {

    static Thread task(int number) {
        return new Thread(() -> {
            System.out.println("Task " + number + " starts.");
            try {
                Thread.sleep(400);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            System.out.println("Task " + number + " is done.");
        });
    }

    public static void main(String[] args) throws InterruptedException {
        Thread first = task(1);
        Thread second = task(2);
        first.start();
        second.start();
        first.join();
        second.join();
    }
}
