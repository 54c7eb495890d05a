package org.qrm.core.pluginfile.hurting;

import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Does in its start and its stop what the headers {@code Test-Start} and {@code Test-Stop} of its bundle say. */
public final class Hurting implements BundleActivator {

    /** A system property: when it is set, all that goes on for ever ends. */
    public static final String END = "org.qrm.core.pluginfile.hurting.end";

    @Override
    public void start(BundleContext context) throws Exception {
        does(context.getBundle().getHeaders("").get("Test-Start"));
    }

    @Override
    public void stop(BundleContext context) throws Exception {
        does(context.getBundle().getHeaders("").get("Test-Stop"));
    }

    private static void does(String what) throws Exception {
        switch (String.valueOf(what)) {
            case "throws" -> throw new IllegalStateException("no licence for it");
            case "overflows" -> overflow(0);
            case "initialises" -> Class.forName(Hurting.class.getPackageName() + ".Initialiser");
            case "sleeps" -> Thread.sleep(Long.MAX_VALUE);
            case "is deaf" -> beDeaf();
            case "loops" -> loop();
            case "waits for a lock" -> lock();
            case "leaves a thread" -> leave();
            default -> {
                // nothing
            }
        }
    }

    private static int overflow(int depth) {
        return depth < 0 ? 0 : overflow(depth + 1) + 1;
    }

    static void beDeaf() {
        while (System.getProperty(END) == null) {
            // an interrupt ends it, and is forgotten
            LockSupport.parkNanos(50_000_000);
            Thread.interrupted();
        }
    }

    private static void loop() {
        while (System.getProperty(END) == null) {
            Thread.onSpinWait();
        }
    }

    /** Held by a thread that does not let go. */
    private static void lock() throws InterruptedException {
        Object lock = new Object();
        Thread holder = new Thread(() -> {
            synchronized (lock) {
                beDeaf();
            }
        });
        holder.setDaemon(true);
        holder.start();
        while (holder.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        synchronized (lock) {
            Thread.sleep(1);
        }
    }

    private static void leave() {
        Thread left = new Thread(Hurting::beDeaf, "left-behind");
        left.setDaemon(true);
        left.start();
    }
}
