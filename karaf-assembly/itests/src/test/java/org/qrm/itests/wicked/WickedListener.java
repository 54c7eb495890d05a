package org.qrm.itests.wicked;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.qrm.api.assignment.Assignment;
import org.qrm.api.assignment.AssignmentListener;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.plugin.Plugin;

/**
 * A plug-in that misbehaves. Deployed into the server under test: for the environment {@code throws} it throws, for
 * {@code hangs} and {@code goes} it never returns, and makes {@code QRM_DATA/asked-goes}. A file of the name of a hook in {@code QRM_DATA/gates} holds that hook
 * for all others until the file is gone; it says {@code reached} then.
 */
public final class WickedListener implements BundleActivator, AssignmentListener, Plugin {

    private static final Path GATES = Path.of(System.getenv("QRM_DATA"), "gates");

    @Override
    public void start(BundleContext context) {
        context.registerService(Plugin.class, this, null);
        context.registerService(AssignmentListener.class, this, null);
    }

    @Override
    public String id() {
        return "wicked";
    }

    @Override
    public String description() {
        return "Misbehaves when virtual environments start";
    }

    @Override
    public void stop(BundleContext context) {}

    @Override
    public BootConfiguration beforeAssign(Assignment assignment, BootConfiguration planned, WorkContext work) {
        switch (assignment.environment().name()) {
            case "throws" -> throw new IllegalStateException("no licence for it");
            case "hangs", "goes" -> never(assignment.environment().name());
            default -> hold("beforeAssign");
        }
        return planned;
    }

    @Override
    public void afterAssign(Assignment assignment, WorkContext work) {
        hold("afterAssign");
    }

    @Override
    public void beforeRelease(Assignment assignment, boolean force, WorkContext work) {
        hold("beforeRelease");
    }

    @Override
    public void afterRelease(Assignment assignment, WorkContext work) {
        hold("afterRelease");
    }

    private static void say(String file) {
        try {
            Files.createFile(Path.of(System.getenv("QRM_DATA"), file));
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static void hold(String hook) {
        try {
            while (Files.exists(GATES.resolve(hook))) {
                Files.writeString(GATES.resolve(hook), "reached");
                Thread.sleep(50);
            }
        } catch (InterruptedException | IOException ended) {
            throw new IllegalStateException(ended);
        }
    }

    /** Does not even end when it is interrupted. */
    private static void never(String environment) {
        say("asked-" + environment);
        CountDownLatch end = new CountDownLatch(1);
        while (true) {
            try {
                end.await();
            } catch (InterruptedException ignored) {
                Thread.yield();
            }
        }
    }
}
