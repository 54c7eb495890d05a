package org.qrm.core.environment;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.boot.KernelArgument;
import org.qrm.api.environment.EnvironmentAction;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.image.FilesystemImage;
import org.qrm.core.image.FilesystemImageRows;
import org.qrm.core.storage.Checked;

/** What must hold for a virtual environment to be described so, and to be started. */
final class EnvironmentRules {

    private static final int MOST_ARGUMENTS = 32;

    void check(Handle handle, String attempted, EnvironmentSpec spec) {
        exists(handle, attempted, "boot_image", "boot image", spec.bootImage());
        exists(handle, attempted, "filesystem_image", "filesystem image", spec.filesystemImage());
        checkPlaces(attempted, spec);
        checkTexts(attempted, spec);
    }

    /** What it runs on, and what it makes of that. */
    void checkPlaces(String attempted, EnvironmentSpec spec) {
        if (!List.of(EnvironmentSpec.ON_NODE, EnvironmentSpec.ON_ANY).contains(spec.runsOn())) {
            String plugin = spec.runsOn().startsWith(EnvironmentSpec.ON_PARTITION)
                    ? spec.runsOn().substring(EnvironmentSpec.ON_PARTITION.length())
                    : "";
            if (plugin.isEmpty()) {
                throw QrmException.invalid(
                        attempted,
                        spec.name(),
                        "runsOn is " + Name.printable(spec.runsOn()),
                        "Give node, partition:<plug-in>, or any.");
            }
            Name.checked(attempted, "plug-in", plugin);
        }
        if (spec.partitioning() != null) {
            if (spec.runsOn().equals(EnvironmentSpec.ON_ANY)) {
                throw QrmException.invalid(
                        attempted,
                        spec.name(),
                        "it makes its machine a host of partitions, and may run on a partition itself",
                        "Give node as runsOn.");
            }
            Name.checked(attempted, "plug-in", spec.partitioning());
        }
    }

    private static void checkTexts(String attempted, EnvironmentSpec spec) {
        Checked.text(attempted, spec.name(), spec.description(), 1000);
        if (spec.kernelArguments().size() > MOST_ARGUMENTS) {
            throw QrmException.invalid(
                    attempted,
                    spec.name(),
                    spec.kernelArguments().size() + " kernel arguments",
                    "Give " + MOST_ARGUMENTS + " at most.");
        }
        KernelArgument.checkTogether(spec.kernelArguments());
    }

    void checkStart(Handle handle, VirtualEnvironment environment, StartRequest request) {
        String name = environment.name();
        boolean single = environment.spec().mode() == EnvironmentMode.SINGLE;
        checkState(environment, !AssignmentRows.ofEnvironment(handle, name).isEmpty());
        int wanted = request.resources().isEmpty()
                ? request.count()
                : request.resources().size();
        if (single && wanted > 1) {
            throw QrmException.invalid(
                    EnvironmentAction.START.attempt(),
                    name,
                    "it is a single-server environment and " + wanted + " machines were asked for",
                    "Ask for one, or make it multi-server.");
        }
        checkImage(handle, environment);
    }

    /**
     * Whether it can be started as it stands.
     *
     * @param bound whether machines are bound to it
     */
    static void checkState(VirtualEnvironment environment, boolean bound) {
        boolean single = environment.spec().mode() == EnvironmentMode.SINGLE;
        boolean mayStart = environment.state() == EnvironmentState.INACTIVE
                || environment.state() == EnvironmentState.ERROR && !bound
                || environment.state() == EnvironmentState.ACTIVE && !single;
        if (!mayStart) {
            throw QrmException.conflict(
                    EnvironmentAction.START.attempt(),
                    environment.name(),
                    "it is " + environment.state().name().toLowerCase(Locale.ROOT),
                    bound ? "Stop it first." : "Wait until that has ended.");
        }
    }

    /** That its image is there, and is written by nobody else; the image is locked until the transaction ends. */
    static void checkImage(Handle handle, VirtualEnvironment environment) {
        String image = environment.spec().filesystemImage();
        // taken until the end of the transaction: of two starts with one image, the second sees the first
        FilesystemImage.State state =
                FilesystemImageRows.lock(handle, image).orElseThrow().state();
        if (state != FilesystemImage.State.READY) {
            throw QrmException.conflict(
                    EnvironmentAction.START.attempt(),
                    environment.name(),
                    "its filesystem image " + image + " is " + state.name().toLowerCase(Locale.ROOT),
                    "Wait until the image is ready, or make it anew.");
        }
        Optional<String> other = handle.createQuery("select e.name from environment e where e.filesystem_image = :image"
                        + " and e.name <> :name and (e.mode = 'SINGLE' or :mode = 'SINGLE')"
                        + " and exists (select 1 from assignment a where a.environment = e.name)"
                        + " fetch first 1 rows only")
                .bind("image", image)
                .bind("name", environment.name())
                .bind("mode", environment.spec().mode().name())
                .mapTo(String.class)
                .findOne();
        if (other.isPresent()) {
            throw QrmException.conflict(
                    EnvironmentAction.START.attempt(),
                    environment.name(),
                    "its filesystem image " + image + " is in use by " + other.get()
                            + ", and an image is never written by two",
                    "Stop " + other.get() + ", or give this environment an image of its own.");
        }
    }

    private static void exists(Handle handle, String attempted, String table, String noun, String name) {
        boolean there = handle.createQuery("select count(*) from " + table + " where name = :name")
                        .bind("name", name)
                        .mapTo(Long.class)
                        .one()
                == 1;
        if (!there) {
            throw QrmException.notFound(attempted, noun, Name.printable(name));
        }
    }
}
