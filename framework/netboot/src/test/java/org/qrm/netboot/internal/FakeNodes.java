package org.qrm.netboot.internal;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.boot.BootModule;
import org.qrm.api.image.Loader;
import org.qrm.api.node.BootOrder;
import org.qrm.api.node.Instruction;
import org.qrm.api.node.Inventory;
import org.qrm.api.node.Nodes;
import org.qrm.api.node.Registered;
import org.qrm.api.node.Registration;
import org.qrm.api.node.Report;
import org.qrm.api.resource.MacAddress;

/** A core that keeps nothing: what it was asked is in queues, what it answers a test can set. */
final class FakeNodes implements Nodes {

    static final String TOKEN = "AZ-_tokenOfThisBoot";

    final BlockingQueue<Registration> registrations = new LinkedBlockingQueue<>();
    final BlockingQueue<Inventory> inventories = new LinkedBlockingQueue<>();
    final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
    final BlockingQueue<String> refused = new LinkedBlockingQueue<>();
    final Map<Long, CompletableFuture<Instruction>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong(16);
    volatile RuntimeException failure;
    /** Registrations and void tokens wait for it. */
    final CountDownLatch slow = new CountDownLatch(1);

    volatile boolean strangersWait;
    final AtomicInteger waitingStrangers = new AtomicInteger();
    volatile Instruction first = new Instruction.Idle();
    volatile byte[] service = "tar".getBytes();

    final BlockingQueue<String> unbootable = new LinkedBlockingQueue<>();
    volatile BootOrder order;
    final List<MacAddress> kernels = new CopyOnWriteArrayList<>();

    @Override
    public void kernelFetched(MacAddress mac) {
        kernels.add(mac);
    }

    @Override
    public void unbootable(MacAddress mac, String why) {
        unbootable.add(mac + " " + why);
    }

    @Override
    public BootOrder bootOrder(MacAddress mac) {
        fail();
        if (order != null) {
            return order;
        }
        return new BootOrder(
                new BootConfiguration(
                        "default",
                        Loader.LINUX,
                        List.of(
                                new BootModule("vmlinuz", List.of("console=ttyS0"), true),
                                new BootModule("initrd", List.of(), false))),
                List.of("qrm.mac=" + mac, "qrm.token=" + TOKEN));
    }

    @Override
    public BootOrder bootOrder(long resource, String nodeToken, MacAddress mac) {
        if (!nodeToken.equals("secret")) {
            throw new QrmException(new Problem(
                    Problem.Kind.UNAUTHENTICATED, "answer host", "", "the node token is void", "Register."));
        }
        return bootOrder(mac);
    }

    @Override
    public Registered register(Registration registration) {
        fail();
        waitIfTold();
        registrations.add(registration);
        return new Registered(ids.incrementAndGet(), "secret", "ecdsa-sha2-nistp256 AAAA", 10, first);
    }

    @Override
    public void inventory(Inventory inventory) {
        fail();
        if (!inventory.nodeToken().equals("secret")) {
            throw new QrmException(new Problem(
                    Problem.Kind.UNAUTHENTICATED, "accept inventory", "", "the node token is void", "Register."));
        }
        inventories.add(inventory);
    }

    @Override
    public CompletionStage<Instruction> report(Report report, Duration hold) {
        fail();
        if (!report.nodeToken().equals("secret")) {
            waitIfTold();
            throw new QrmException(new Problem(
                    Problem.Kind.UNAUTHENTICATED, "accept report", "", "the node token is void", "Register."));
        }
        reports.add(report);
        CompletableFuture<Instruction> answer = new CompletableFuture<>();
        if (hold.isZero()) {
            answer.complete(new Instruction.Continue());
        } else {
            waiting.put(report.resource(), answer);
        }
        return answer;
    }

    @Override
    public boolean isToken(long resource, String nodeToken) {
        return nodeToken.equals("secret");
    }

    @Override
    public InputStream bootService(long resource, String nodeToken, String plugin) {
        fail();
        return new ByteArrayInputStream(service);
    }

    @Override
    public void refused(String from, String what) {
        refused.add(from + " " + what);
    }

    private void waitIfTold() {
        if (strangersWait) {
            waitingStrangers.incrementAndGet();
            try {
                slow.await();
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void fail() {
        if (failure != null) {
            throw failure;
        }
    }
}
