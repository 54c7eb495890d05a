package org.qrm.core.pluginfile;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.hooks.bundle.CollisionHook;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.health.HealthResult;
import org.qrm.core.pluginfile.Aside.Run;
import org.qrm.core.pluginfile.FolderStamps.Stamp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the framework's bundles what the jar files of the folder {@code deploy} are: installs, updates, starts, and uninstalls. One thread
 * looks; whatever may run code of a bundle is done aside, so that one that blocks keeps nobody from coming or going, nor the server from
 * starting. Bundles are started for this run of the server only, by this class and not by the framework: the file says that one is to be at
 * work, unless somebody stopped it by hand.
 *
 * <p>A bundle that the framework waits for, because its activator does not return, can be neither updated nor uninstalled. It is left
 * behind: its file's next bundle comes beside it, and the next start of the server removes it.
 */
public final class FolderBundles implements HealthCheck, AutoCloseable {

    private static final Times TIMES = new Times(
            Duration.ofMillis(500),
            Duration.ofSeconds(2),
            Duration.ofSeconds(12),
            Duration.ofSeconds(2),
            Duration.ofSeconds(10));
    /** What the bundles have until the server is ready without them. */
    private static final Duration BEGINNING = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(FolderBundles.class);
    private static final String TRIAL = "qrm-trial:";
    /** Between a file's address and the number of a bundle beside one that was left behind. */
    private static final String BESIDE = "#";

    private final BundleContext context;
    private final Times times;
    private final FrameworkWiring wiring;
    private final Path folder;
    private final Path stoppedByHand;
    private final FolderStamps stamps;
    private final Aside aside = new Aside(this::wake);
    private final Semaphore news = new Semaphore(0);
    private final Thread thread = new Thread(this::watch, "qrm-plugin-files");
    private final SynchronousBundleListener listener = this::changed;
    /** Counts what may let a bundle start that could not before. */
    private final AtomicLong arrivals = new AtomicLong();

    private final Map<String, Stamp> seen = new HashMap<>();
    private final Map<String, Refusal> refusals = new ConcurrentHashMap<>();
    /** What the framework has not ended yet, by the names of the files. */
    private final Map<String, Late> late = new HashMap<>();

    private final Set<Long> toRun = ConcurrentHashMap.newKeySet();
    private final Map<Long, Attempt> attempts = new ConcurrentHashMap<>();
    private final Set<Long> leftBehind = ConcurrentHashMap.newKeySet();
    /** Names of files that were taken away, and whose bundle is still there. */
    private final Set<String> staying = ConcurrentHashMap.newKeySet();

    private ServiceRegistration<CollisionHook> hook;
    private volatile boolean closed;
    /** Whether each file was taken up, and each bundle had its turn to start. */
    private volatile boolean settled;

    private volatile long began;

    /**
     * How long what takes.
     *
     * @param period between two looks; a file is taken up when it was the same at both
     * @param turn for how long the others wait for a start
     * @param stop until a stop has failed; Declarative Services give each component that blocks 5 s
     * @param interrupted what has been asked to end is given
     * @param close all bundles are given when the server stops
     */
    record Times(Duration period, Duration turn, Duration stop, Duration interrupted, Duration close) {}

    private record Refusal(Stamp stamp, String reason) {}

    /**
     * An installation or update.
     *
     * @param then what is to be done when it has ended
     */
    private record Taking(Run run, Runnable then) {}

    private record Late(Stamp stamp, Taking taking) {}

    /**
     * A start, or a stop.
     *
     * @param what {@code start} or {@code stop}
     * @param arrivals when it was begun
     */
    private record Attempt(String what, Run run, long arrivals) {}

    /** @param data {@code QRM_DATA} */
    public FolderBundles(BundleContext context, Path data) {
        this(context, data, TIMES);
    }

    FolderBundles(BundleContext context, Path data, Times times) {
        this.context = context;
        this.times = times;
        this.wiring = context.getBundle(Constants.SYSTEM_BUNDLE_ID).adapt(FrameworkWiring.class);
        this.folder = real(data.resolve("deploy"));
        this.stoppedByHand = data.resolve("by-hand").resolve("stopped");
        this.stamps = new FolderStamps(Optional.ofNullable(context.getDataFile("folder-stamps"))
                .map(file -> file.toPath())
                .orElse(null));
    }

    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException none) {
            return folder.toAbsolutePath().normalize();
        }
    }

    /** Begins to look. */
    public void start() {
        began = System.nanoTime();
        context.addBundleListener(listener);
        hook = context.registerService(
                CollisionHook.class,
                (operation, target, others) -> others.removeIf(other -> leftBehind.contains(other.getBundleId())),
                null);
        Set<String> stopped = stoppedByHand();
        for (Bundle bundle : ofFolder()) {
            if (bundle.getLocation().contains(BESIDE)) {
                takeAway(bundle);
            } else if (!stopped.contains(bundle.getSymbolicName())) {
                toRun.add(bundle.getBundleId());
            }
        }
        stamps.retainBundles(bundles().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().getBundleId())));
        thread.setDaemon(true);
        thread.start();
    }

    /** Symbolic names, as org.qrm.byhand writes them: what is said of this cache goes for the next, too. */
    private Set<String> stoppedByHand() {
        try {
            return Files.exists(stoppedByHand)
                    ? Files.readAllLines(stoppedByHand).stream()
                            .map(String::strip)
                            .collect(Collectors.toSet())
                    : Set.of();
        } catch (IOException unreadable) {
            LOG.warn("Bundles that were stopped by hand are started", unreadable);
            return Set.of();
        }
    }

    private void wake() {
        news.release();
    }

    private void watch() {
        while (!closed) {
            try {
                look();
            } catch (IOException | RuntimeException failed) {
                if (!closed) {
                    LOG.warn("Could not look for files of plug-ins; trying again", failed);
                }
            }
            try {
                if (news.tryAcquire(times.period.toMillis(), TimeUnit.MILLISECONDS)) {
                    news.drainPermits();
                }
            } catch (InterruptedException ended) {
                return;
            }
        }
    }

    private void look() throws IOException {
        Map<String, Stamp> files = FolderStamps.in(folder);
        endLate();
        bundles().forEach((name, bundle) -> {
            if (!files.containsKey(name)) {
                takeAway(bundle);
            }
        });
        removeWhatCameBack();
        stamps.retain(files.keySet());
        refusals.keySet().retainAll(files.keySet());
        seen.keySet().retainAll(files.keySet());
        files.forEach((name, stamp) -> {
            if (!stamps.has(name, stamp) && stamp.equals(seen.put(name, stamp)) && !late.containsKey(name)) {
                takeUp(name, stamp);
            }
        });
        startAll();
        settled |=
                isLastLevel() && files.entrySet().stream().allMatch(each -> stamps.has(each.getKey(), each.getValue()));
    }

    private void takeUp(String name, Stamp stamp) {
        staying.remove(name);
        Bundle bundle = bundle(name);
        Taking taking = bundle == null ? install(name) : update(name, bundle);
        if (taking.run.await(times.stop)) {
            end(name, stamp, taking);
        } else {
            late.put(name, new Late(stamp, taking));
            refuse(name, stamp, notEnded(taking.run));
        }
    }

    private void endLate() {
        for (Map.Entry<String, Late> each : List.copyOf(late.entrySet())) {
            Late its = each.getValue();
            if (its.taking.run.isOver()) {
                late.remove(each.getKey());
                end(each.getKey(), its.stamp, its.taking);
            }
        }
    }

    private void end(String name, Stamp stamp, Taking taking) {
        taking.then.run();
        Bundle bundle = bundle(name);
        stamps.put(name, stamp, bundle == null ? FolderStamps.NONE : bundle.getBundleId());
        if (taking.run.hasFailed()) {
            refuse(name, stamp, taking.run.reason());
        } else {
            refusals.remove(name);
        }
    }

    private void refuse(String name, Stamp stamp, String why) {
        LOG.warn("{} is not taken up: {}", name, why);
        refusals.put(name, new Refusal(stamp, why));
    }

    private Taking install(String name) {
        Path file = folder.resolve(name);
        String location = location(file);
        for (int number = 2; context.getBundle(location) != null; number++) {
            location = location(file) + BESIDE + number;
        }
        String free = location;
        Run run = aside.begin(() -> {
            refuseNoBundle(file);
            try (InputStream content = Files.newInputStream(file)) {
                LOG.info("Installing {}", free);
                context.installBundle(free, content);
            }
        });
        return new Taking(run, () -> {
            Bundle bundle = context.getBundle(free);
            if (bundle != null && !stoppedByHand().contains(bundle.getSymbolicName())) {
                toRun.add(bundle.getBundleId());
            }
        });
    }

    private static void refuseNoBundle(Path file) throws IOException, BundleException {
        try (JarFile jar = new JarFile(file.toFile())) {
            Manifest manifest = jar.getManifest();
            if (manifest == null || manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME) == null) {
                throw new BundleException("it is no bundle: it has no manifest with a Bundle-SymbolicName");
            }
        }
    }

    private String notEnded(Run run) {
        return "the framework has not ended it within " + times.stop.toSeconds() + " s; it is in " + run.where();
    }

    private Taking update(String name, Bundle bundle) {
        Collection<Bundle> users = users(bundle);
        if (!halt(bundle, times.stop)) {
            leave(bundle);
            return install(name);
        }
        // what is told of it from now on is of the new one
        attempts.remove(bundle.getBundleId());
        Run run = aside.begin(() -> {
            try (InputStream content = Files.newInputStream(folder.resolve(name))) {
                LOG.info("Updating {}", bundle.getLocation());
                bundle.update(content);
            }
        });
        return new Taking(run, () -> refresh(bundle, users));
    }

    private void takeAway(Bundle bundle) {
        toRun.remove(bundle.getBundleId());
        Collection<Bundle> users = users(bundle);
        if (!halt(bundle, times.stop)) {
            staying.add(fileName(bundle));
            leave(bundle);
            return;
        }
        Run run = aside.begin(() -> {
            LOG.info("Uninstalling {}", bundle.getLocation());
            bundle.uninstall();
        });
        boolean ended = run.await(times.stop);
        if (!ended || run.hasFailed()) {
            String why = ended ? run.reason() : notEnded(run);
            LOG.warn("{} is not uninstalled: {}", bundle.getLocation(), why);
            staying.add(fileName(bundle));
            leave(bundle);
            return;
        }
        staying.remove(fileName(bundle));
        attempts.remove(bundle.getBundleId());
        refresh(bundle, users);
    }

    private void leave(Bundle bundle) {
        toRun.remove(bundle.getBundleId());
        if (leftBehind.add(bundle.getBundleId())) {
            LOG.warn("{} is left behind until the server restarts: {}", bundle.getLocation(), trouble(bundle));
        }
    }

    /** What was left behind and has returned after all. */
    private void removeWhatCameBack() {
        for (long id : leftBehind) {
            Bundle bundle = context.getBundle(id);
            Attempt last = attempts.get(id);
            if (bundle == null || last == null || last.run.isOver()) {
                leftBehind.remove(id);
                if (bundle != null) {
                    takeAway(bundle);
                }
            }
        }
    }

    /** Stops it. False when code of it does not come back, and the framework waits for that. */
    private boolean halt(Bundle bundle, Duration limit) {
        Attempt last = attempts.get(bundle.getBundleId());
        if (last != null && !last.run.isOver()) {
            last.run.interrupt();
            last.run.await(times.interrupted);
            if (!last.run.isOver() && bundle.getState() != Bundle.ACTIVE) {
                return false;
            }
        }
        if (isDown(bundle)) {
            return true;
        }
        Run stop = aside.begin(() -> bundle.stop(Bundle.STOP_TRANSIENT));
        attempts.put(bundle.getBundleId(), new Attempt("stop", stop, arrivals.get()));
        if (!stop.await(limit)) {
            stop.interrupt();
            stop.await(times.interrupted);
        }
        return stop.isOver() && isDown(bundle);
    }

    private static boolean isDown(Bundle bundle) {
        return (bundle.getState() & (Bundle.INSTALLED | Bundle.RESOLVED | Bundle.UNINSTALLED)) != 0;
    }

    private Collection<Bundle> users(Bundle bundle) {
        return wiring.getDependencyClosure(List.of(bundle)).stream()
                .filter(other -> !other.equals(bundle) && other.getState() != Bundle.UNINSTALLED)
                .toList();
    }

    /**
     * Lets those that use its packages have the new ones. The framework restarts them on a thread that all of it needs, so those that came from
     * files are stopped before, and started again by the next look.
     */
    private void refresh(Bundle changed, Collection<Bundle> users) {
        if (users.isEmpty()) {
            return;
        }
        Set<Bundle> ours = Set.copyOf(ofFolder());
        for (Bundle user : users) {
            if (leftBehind.contains(user.getBundleId()) || ours.contains(user) && !halt(user, times.stop)) {
                LOG.warn("{} goes on with what {} was, since it does not stop", user, changed);
                return;
            }
        }
        CountDownLatch done = new CountDownLatch(1);
        wiring.refreshBundles(List.of(changed), event -> done.countDown());
        try {
            done.await(times.stop.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void startAll() {
        for (Bundle bundle : ofFolder()) {
            if (!closed && toRun.contains(bundle.getBundleId()) && isDown(bundle) && mayStart(bundle)) {
                start(bundle);
            }
        }
    }

    private boolean mayStart(Bundle bundle) {
        Attempt last = attempts.get(bundle.getBundleId());
        boolean inVain = last != null && last.run.hasFailed() && last.arrivals == arrivals.get();
        boolean underWay = last != null && !last.run.isOver();
        return !inVain && !underWay && !isFragment(bundle) && isLevelReached(bundle);
    }

    private static boolean isFragment(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision == null || (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    /** While the framework goes up to a level it touches each bundle there, and would wait for one that blocks. */
    private boolean isLevelReached(Bundle bundle) {
        int own = bundle.adapt(BundleStartLevel.class).getStartLevel();
        return isServerUp() && (level() > own || level() == own && isLastLevel());
    }

    private int level() {
        return system().adapt(FrameworkStartLevel.class).getStartLevel();
    }

    private boolean isLastLevel() {
        String last = context.getProperty(Constants.FRAMEWORK_BEGINNING_STARTLEVEL);
        return isServerUp() && level() >= (last == null ? 1 : Integer.parseInt(last.strip()));
    }

    private Bundle system() {
        return context.getBundle(Constants.SYSTEM_BUNDLE_ID);
    }

    private void start(Bundle bundle) {
        long before = arrivals.get();
        Attempt earlier = attempts.get(bundle.getBundleId());
        Run run = aside.beginIfFew(() -> {
            try {
                bundle.start(Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY);
                LOG.info("Started {}", bundle.getLocation());
            } catch (Throwable failed) { // the log tells it once, whoever asks is told the reason
                if (earlier == null || !Aside.reason(failed).equals(earlier.run.reason())) {
                    LOG.warn("{} did not start", bundle.getLocation(), failed);
                }
                throw failed;
            }
        });
        attempts.put(bundle.getBundleId(), new Attempt("start", run, before));
        if (!run.await(times.turn)) {
            LOG.warn("The start of {} takes its time, in {}; others go on", bundle.getLocation(), run.where());
        }
    }

    /** On whatever thread the framework tells it. */
    private void changed(BundleEvent event) {
        Bundle bundle = event.getBundle();
        boolean comes = event.getType() == BundleEvent.INSTALLED || event.getType() == BundleEvent.UPDATED;
        if (comes && !bundle.getLocation().startsWith(TRIAL)) {
            arrivals.incrementAndGet();
            wake();
        }
        if (Thread.currentThread().getName().startsWith(Aside.THREADS) || !isOfFolder(bundle)) {
            return;
        }
        if (event.getType() == BundleEvent.STOPPING && isServerUp()) {
            toRun.remove(bundle.getBundleId());
        } else if (event.getType() == BundleEvent.STARTED) {
            toRun.add(bundle.getBundleId());
        }
    }

    private boolean isServerUp() {
        return system().getState() == Bundle.ACTIVE;
    }

    /** The bundle of a file, or null. */
    Bundle bundle(Path file) {
        return bundle(file.getFileName().toString());
    }

    private Bundle bundle(String name) {
        return bundles().get(name);
    }

    /** Those that count, by the names of their files. */
    private Map<String, Bundle> bundles() {
        Map<String, Bundle> found = new TreeMap<>();
        for (Bundle bundle : ofFolder()) {
            if (!leftBehind.contains(bundle.getBundleId())) {
                found.put(fileName(bundle), bundle);
            }
        }
        return found;
    }

    /** In the order in which they came. */
    private List<Bundle> ofFolder() {
        List<Bundle> found = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            if (isOfFolder(bundle)) {
                found.add(bundle);
            }
        }
        return found;
    }

    private boolean isOfFolder(Bundle bundle) {
        return !fileName(bundle).isEmpty();
    }

    private String fileName(Bundle bundle) {
        String location = bundle.getLocation();
        if (!location.startsWith("file:/")) {
            return "";
        }
        try {
            Path file = Path.of(URI.create(location.split(BESIDE, 2)[0]));
            return folder.equals(file.getParent()) && file.toString().endsWith(".jar")
                    ? file.getFileName().toString()
                    : "";
        } catch (IllegalArgumentException noFile) {
            return "";
        }
    }

    private static String location(Path file) {
        try {
            return file.toUri().toURL().toString().replaceFirst("^file:///", "file:/");
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Has it started, though somebody stopped it: he wants it now. */
    void want(Bundle bundle) {
        if (toRun.add(bundle.getBundleId())) {
            attempts.remove(bundle.getBundleId());
            wake();
        }
    }

    /** Why no bundle could be made of the file as it is now. */
    Optional<String> refusal(Path file) {
        Refusal refusal = refusals.get(file.getFileName().toString());
        try {
            return refusal != null && refusal.stamp.equals(Stamp.of(file))
                    ? Optional.of("it cannot be installed: " + refusal.reason)
                    : Optional.empty();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** Whether it is to run, and its start has not failed. */
    boolean isOnItsWay(Bundle bundle) {
        return toRun.contains(bundle.getBundleId()) && !hasFailed(bundle);
    }

    /** Whether its last start has failed. */
    boolean hasFailed(Bundle bundle) {
        Attempt last = attempts.get(bundle.getBundleId());
        return last != null && last.what.equals("start") && last.run.hasFailed();
    }

    /** Whether a start or stop of it has not returned for so long. */
    boolean hangs(Bundle bundle, Duration time) {
        Attempt last = attempts.get(bundle.getBundleId());
        return last != null && !last.run.isOver() && last.run.seconds() >= time.toSeconds();
    }

    /** What its last start or stop came to; empty when it was as it should be. */
    String trouble(Bundle bundle) {
        Attempt last = attempts.get(bundle.getBundleId());
        if (last == null || last.run.isOver() && !last.run.hasFailed()) {
            return "";
        }
        return last.run.isOver()
                ? "it did not " + last.what + ": " + last.run.reason()
                : "its " + last.what + " has not returned for " + last.run.seconds() + " s; it is in "
                        + last.run.where();
    }

    /** Whether the bundle that the file had when it was taken away goes with the next start of the server only. */
    boolean stays(Path file) {
        return staying.contains(file.getFileName().toString());
    }

    /** Whether it counts no more, and goes with the next start of the server. */
    boolean isLeftBehind(Bundle bundle) {
        return leftBehind.contains(bundle.getBundleId());
    }

    @Override
    public String name() {
        return "plugin-files";
    }

    /** While the first start of all is under way the server is not ready; but it does not wait for ever. */
    @Override
    public HealthResult execute() {
        return settled || System.nanoTime() - began > BEGINNING.toNanos()
                ? new HealthResult(HealthResult.Status.OK, "The files of plug-ins were taken up.")
                : new HealthResult(HealthResult.Status.CRITICAL, "the files of plug-ins are being taken up");
    }

    /** When the whole server stops, so do the bundles, as far as they come back in time. */
    @Override
    public void close() {
        closed = true;
        wake();
        context.removeBundleListener(listener);
        if (hook != null) {
            hook.unregister();
        }
        if (!isServerUp()) {
            stopAll();
        }
        aside.interruptAll();
    }

    /** The last that came first. What is under way has been asked to end, and is not waited for. */
    private void stopAll() {
        aside.interruptAll();
        List<Bundle> last = ofFolder();
        Collections.reverse(last);
        long end = System.nanoTime() + times.close.toNanos();
        for (Bundle bundle : last) {
            Duration left = Duration.ofNanos(end - System.nanoTime());
            Attempt attempt = attempts.get(bundle.getBundleId());
            boolean underWay = attempt != null && !attempt.run.isOver();
            if (!isDown(bundle) && !underWay && !left.isNegative()) {
                Run stop = aside.begin(() -> bundle.stop(Bundle.STOP_TRANSIENT));
                stop.await(left.compareTo(times.turn) < 0 ? left : times.turn);
            }
        }
    }
}
