/** Waits for each task before it starts the next. */
public class Pitfall {

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
        for (int number = 1; number <= 2; number++) {
            Thread task = task(number);
            task.start();
            task.join();
        }
    }
}
