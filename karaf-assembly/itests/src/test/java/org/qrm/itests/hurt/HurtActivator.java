package org.qrm.itests.hurt;

import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.qrm.api.plugin.Plugin;

/** Does in its start and its stop what the headers {@code Test-Start} and {@code Test-Stop} of its bundle say; brings a plug-in. */
public final class HurtActivator implements BundleActivator, Plugin {

    private static final Object LOCK = new Object();

    private String id;

    @Override
    public void start(BundleContext context) throws Exception {
        id = context.getBundle().getHeaders("").get("Test-Plugin");
        context.registerService(Plugin.class, this, null);
        does(context.getBundle().getHeaders("").get("Test-Start"));
    }

    @Override
    public void stop(BundleContext context) throws Exception {
        does(context.getBundle().getHeaders("").get("Test-Stop"));
    }

    static void does(String what) throws Exception {
        switch (String.valueOf(what)) {
            case "throws" -> throw new IllegalStateException("no licence for it");
            case "sleeps" -> Thread.sleep(Long.MAX_VALUE);
            case "is deaf" -> beDeaf();
            case "waits for a lock" -> waitForALock();
            case "initialises" -> Class.forName(BlockedClass.class.getName());
            default -> {
                // nothing
            }
        }
    }

    /** Nor does it take a processor from what is tested. */
    static void beDeaf() {
        while (true) {
            LockSupport.parkNanos(100_000_000);
            Thread.interrupted();
        }
    }

    private static void waitForALock() throws InterruptedException {
        Thread holder = new Thread(() -> {
            synchronized (LOCK) {
                beDeaf();
            }
        });
        holder.setDaemon(true);
        holder.start();
        while (holder.getState() != Thread.State.TIMED_WAITING) {
            LockSupport.parkNanos(1_000_000);
        }
        synchronized (LOCK) {
            LOCK.wait();
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String description() {
        return "Hurts";
    }
}
