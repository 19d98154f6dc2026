/** A thread in a group that was destroyed. */
public class DestroyedGroup {

    @SuppressWarnings({"deprecation", "removal"})
    public static void main(String[] args) throws InterruptedException {
        ThreadGroup group = new ThreadGroup("group");
        group.destroy();
        try {
            Thread thread = new Thread(group, () -> System.out.println("It ran."));
            thread.start();
            thread.join();
        } catch (IllegalThreadStateException e) {
            System.out.println("It was refused.");
        }
    }
}
