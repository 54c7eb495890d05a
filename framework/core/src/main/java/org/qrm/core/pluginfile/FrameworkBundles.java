package org.qrm.core.pluginfile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.FrameworkWiring;
import org.qrm.api.plugin.Plugin;
import org.qrm.api.plugin.PluginFileState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the framework says of the bundles that {@link FolderBundles} makes of the folder's files. */
public final class FrameworkBundles implements PluginBundles {

    private static final Logger LOG = LoggerFactory.getLogger(FrameworkBundles.class);
    private static final Duration LIMIT = Duration.ofSeconds(20);
    /** What a bundle that is at work registers comes at once, unless it has no plug-in. */
    private static final Duration REGISTRATION = Duration.ofSeconds(2);

    private final BundleContext context;
    private final FolderBundles folder;
    private final Function<Bundle, List<String>> plugins;
    private final Components components;
    private final Function<Bundle, List<Fault>> refused;
    private final FrameworkWiring wiring;
    private final boolean keptOut;

    /**
     * @param folder makes the bundles
     * @param plugins ids of the plug-ins of a bundle, at the moment
     * @param refused services of a bundle that are not used
     * @param keptOut whether no plug-in is to be at work in this run
     */
    public FrameworkBundles(
            BundleContext context,
            FolderBundles folder,
            Function<Bundle, List<String>> plugins,
            Components components,
            Function<Bundle, List<Fault>> refused,
            boolean keptOut) {
        this.context = context;
        this.folder = folder;
        this.plugins = plugins;
        this.components = components;
        this.refused = refused;
        this.keptOut = keptOut;
        this.wiring = context.getBundle(Constants.SYSTEM_BUNDLE_ID).adapt(FrameworkWiring.class);
    }

    @Override
    public Seen at(Path file) {
        Bundle bundle = folder.bundle(file);
        Optional<String> refusal = folder.refusal(file);
        if (bundle == null) {
            return new Seen(
                    "",
                    "",
                    refusal.isPresent() ? PluginFileState.STOPPED : PluginFileState.STARTING,
                    refusal.orElse("it is taken up in a moment"),
                    List.of());
        }
        return new Seen(
                Objects.requireNonNullElse(bundle.getSymbolicName(), ""),
                bundle.getVersion().toString(),
                refusal.isPresent() ? refusedState(bundle) : state(bundle),
                refusal.orElseGet(() -> reason(bundle)),
                plugins.apply(bundle));
    }

    /** Of a file that is not what its bundle was made of. */
    private static PluginFileState refusedState(Bundle bundle) {
        return isUp(bundle) ? PluginFileState.DEGRADED : PluginFileState.STOPPED;
    }

    private PluginFileState state(Bundle bundle) {
        if (isUp(bundle)) {
            return faults(bundle).isEmpty() ? PluginFileState.ACTIVE : PluginFileState.DEGRADED;
        }
        if (!keptOut && folder.isOnItsWay(bundle) && !folder.hangs(bundle, LIMIT)) {
            return PluginFileState.STARTING;
        }
        return switch (bundle.getState()) {
            case Bundle.INSTALLED -> PluginFileState.UNRESOLVED;
            case Bundle.RESOLVED -> PluginFileState.STOPPED;
            default -> folder.hangs(bundle, LIMIT) ? PluginFileState.DEGRADED : PluginFileState.STARTING;
        };
    }

    /** What of it is not at work, though it has started. */
    private List<Fault> faults(Bundle bundle) {
        return Stream.concat(components.faults(bundle).stream(), refused.apply(bundle).stream())
                .toList();
    }

    private String reason(Bundle bundle) {
        if (keptOut) {
            return isUp(bundle) ? "" : "the server was started without plug-ins";
        }
        return switch (state(bundle)) {
            case ACTIVE -> "";
            case DEGRADED -> isUp(bundle) ? Components.text(faults(bundle)) : folder.trouble(bundle);
            case STARTING -> "it is on its way";
            case UNRESOLVED -> unresolved(bundle);
            case STOPPED -> folder.hasFailed(bundle) ? folder.trouble(bundle) : "somebody stopped it";
        };
    }

    private String unresolved(Bundle bundle) {
        List<String> missing = Missing.of(bundle, wiring);
        return missing.isEmpty()
                ? "it cannot be resolved; bundle:diag " + bundle.getBundleId() + " in the Karaf console says why"
                : "it requires " + String.join("; ", missing);
    }

    /** Bundles that are made for QRM, wherever they came from, and cannot be at work, or not with all that they bring. */
    List<UnresolvedBundles.Unresolved> unresolved() {
        return Arrays.stream(context.getBundles())
                .filter(Missing::usesApi)
                .map(bundle -> new UnresolvedBundles.Unresolved(
                        bundle.getSymbolicName(),
                        "Bundle " + bundle.getSymbolicName() + " " + bundle.getVersion() + " (" + bundle.getLocation()
                                + ")",
                        unfit(bundle)))
                .filter(each -> !each.reason().isEmpty())
                .toList();
    }

    private String unfit(Bundle bundle) {
        if (folder.isLeftBehind(bundle)) {
            return folder.trouble(bundle) + "; only a restart of the server removes it";
        }
        return switch (bundle.getState()) {
            case Bundle.INSTALLED -> unresolved(bundle);
            case Bundle.ACTIVE -> Components.text(components.faults(bundle));
            default -> folder.hasFailed(bundle) || folder.hangs(bundle, LIMIT) ? folder.trouble(bundle) : "";
        };
    }

    /** One that is started when somebody needs it counts, too. */
    private static boolean isUp(Bundle bundle) {
        String policy = bundle.getHeaders("").get(Constants.BUNDLE_ACTIVATIONPOLICY);
        boolean lazy = policy != null && policy.trim().startsWith(Constants.ACTIVATION_LAZY);
        return bundle.getState() == Bundle.ACTIVE || lazy && bundle.getState() == Bundle.STARTING;
    }

    @Override
    public Optional<String> elsewhere(String symbolicName, Path file) {
        Bundle own = folder.bundle(file);
        return Arrays.stream(context.getBundles())
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .filter(bundle -> !bundle.equals(own) && !folder.isLeftBehind(bundle))
                .map(Bundle::getLocation)
                .findFirst();
    }

    @Override
    public List<String> users(Path file) {
        Bundle bundle = folder.bundle(file);
        if (bundle == null) {
            return List.of();
        }
        return wiring.getDependencyClosure(List.of(bundle)).stream()
                .filter(other -> !other.equals(bundle))
                // the framework counts one that is gone until it refreshes what it used
                .filter(other -> other.getState() != Bundle.UNINSTALLED)
                .map(Bundle::getSymbolicName)
                .sorted()
                .toList();
    }

    @Override
    public Optional<String> obstacle(BundleManifest manifest) {
        Bundle trial = null;
        try (InputStream jar = manifest.trial()) {
            trial = context.installBundle("qrm-trial:" + UUID.randomUUID(), jar);
            // it is looked at and not resolved: that would tell others of a bundle that is gone when they look at it
            List<String> missing = Missing.of(trial, wiring);
            return missing.isEmpty() ? Optional.empty() : Optional.of("it requires " + String.join("; ", missing));
        } catch (BundleException | IOException why) {
            return Optional.of(Aside.reason(why));
        } finally {
            end(trial);
        }
    }

    private static void end(Bundle trial) {
        try {
            if (trial != null) {
                trial.uninstall();
            }
        } catch (BundleException failed) {
            LOG.warn("Could not uninstall {}, which has no code and does nothing", trial, failed);
        }
    }

    @Override
    public Moment now(Path file) {
        Bundle bundle = folder.bundle(file);
        return new Moment(file, bundle == null ? -1 : bundle.getLastModified());
    }

    @Override
    public Optional<String> startedSince(Moment before) {
        long end = System.nanoTime() + LIMIT.toNanos();
        if (!await(
                end, () -> changedSince(before) || folder.refusal(before.file()).isPresent())) {
            return Optional.of(
                    "it was not taken up within " + LIMIT.toSeconds() + " s, since others do not come or go");
        }
        Bundle bundle = folder.bundle(before.file());
        if (bundle == null || folder.refusal(before.file()).isPresent()) {
            return folder.refusal(before.file()).or(() -> Optional.of("somebody took it away"));
        }
        folder.want(bundle);
        await(end, () -> isUp(bundle) || folder.hasFailed(bundle));
        if (!isUp(bundle)) {
            String trouble = folder.trouble(bundle);
            return Optional.of(trouble.isEmpty() ? "it did not start" : trouble);
        }
        awaitParts(bundle, end);
        return faultOf(bundle);
    }

    private boolean changedSince(Moment before) {
        Bundle bundle = folder.bundle(before.file());
        return bundle != null && bundle.getLastModified() != before.lastChange();
    }

    /** Until all that it brings is at work, or will never be; who has no plug-in has some time to bring one. */
    private void awaitParts(Bundle bundle, long end) {
        long own = Math.min(end, System.nanoTime() + REGISTRATION.toNanos());
        await(own, () -> isStuck(bundle) || !plugins.apply(bundle).isEmpty() && isWhole(bundle));
        await(end, () -> isStuck(bundle) || isWhole(bundle));
    }

    private boolean isStuck(Bundle bundle) {
        return faults(bundle).stream().anyMatch(Fault::lasting);
    }

    private boolean isWhole(Bundle bundle) {
        return plugins.apply(bundle).size() >= registered(bundle)
                && faults(bundle).isEmpty();
    }

    private Optional<String> faultOf(Bundle bundle) {
        String told = Components.text(faults(bundle));
        if (!told.isEmpty()) {
            return Optional.of("a part of it is not at work: " + told);
        }
        return isWhole(bundle)
                ? Optional.empty()
                : Optional.of("its plug-in has not come up within " + LIMIT.toSeconds() + " s");
    }

    private static long registered(Bundle bundle) {
        ServiceReference<?>[] services = bundle.getRegisteredServices();
        return Stream.ofNullable(services)
                .flatMap(Arrays::stream)
                .map(service -> (String[]) service.getProperty(Constants.OBJECTCLASS))
                .filter(types -> List.of(types).contains(Plugin.class.getName()))
                .count();
    }

    @Override
    public boolean gone(Path file) {
        return await(System.nanoTime() + LIMIT.toNanos(), () -> folder.bundle(file) == null) && !folder.stays(file);
    }

    private static boolean await(long end, BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            LockSupport.parkNanos(50_000_000);
        }
        return true;
    }
}
