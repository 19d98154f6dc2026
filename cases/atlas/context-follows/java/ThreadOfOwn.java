/** Into a thread of its own. */
public class ThreadOfOwn {

    static final InheritableThreadLocal<String> LOCAL = new InheritableThreadLocal<>();

    public static void main(String[] args) throws InterruptedException {
        LOCAL.set("set");
        Thread thread = new Thread(ThreadOfOwn::tell);
        thread.start();
        thread.join();
    }

    static void tell() {
        System.out.println(LOCAL.get() == null ? "Context lost." : "Context kept.");
    }
}
