package org.qrm.core.environment;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.List;
import org.jdbi.v3.core.mapper.RowMapper;
import org.qrm.api.QrmException;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.boot.BootModule;
import org.qrm.api.boot.KernelArgument;
import org.qrm.api.image.Loader;
import org.qrm.api.storage.Mount;
import org.qrm.core.store.Json;

/**
 * A resource bound to a virtual environment, and how far that is.
 *
 * @param plan what it boots and mounts; null until it is prepared
 * @param openAddress the address to which storage is open, or null
 * @param booted whether the machine runs what the plan says, so that it may mount
 * @param releasing whether it is on its way out
 */
public record AssignmentRow(
        long resource, String environment, Plan plan, String openAddress, boolean booted, boolean releasing) {

    /** What a machine boots and mounts. */
    public record Plan(BootConfiguration configuration, Mount mount, boolean overlay) {}

    static final RowMapper<AssignmentRow> ROW = (row, context) -> new AssignmentRow(
            row.getLong("resource_id"),
            row.getString("environment"),
            row.getString("boot_configuration") == null
                    ? null
                    : Json.read(row.getString("boot_configuration"), new TypeReference<Stored>() {})
                            .toPlan(),
            row.getString("open_address"),
            row.getBoolean("booted"),
            row.getBoolean("releasing"));

    static String write(Plan plan) {
        BootConfiguration configuration = plan.configuration();
        return Json.write(new Stored(
                configuration.bootImage(),
                configuration.loader(),
                configuration.modules().stream()
                        .map(module -> new StoredModule(module.file(), module.arguments(), module.networkParameters()))
                        .toList(),
                plan.mount().type(),
                plan.mount().source(),
                plan.mount().options(),
                plan.overlay()));
    }

    /** The plan as it is stored: names that do not change when the API's records do. */
    record Stored(
            String image,
            Loader loader,
            List<StoredModule> modules,
            String storage,
            String source,
            String options,
            boolean overlay) {

        Plan toPlan() {
            return new Plan(
                    new BootConfiguration(
                            image,
                            loader,
                            modules.stream()
                                    .map(module -> new BootModule(module.file(), module.usable(), module.network()))
                                    .toList()),
                    new Mount(storage, source, options),
                    overlay);
        }
    }

    /** A module as it is stored. */
    record StoredModule(String file, List<String> arguments, boolean network) {

        /** QRM 0.1 took some arguments that no boot loader can be given; a machine that has them must still be known. */
        List<String> usable() {
            return arguments.stream().filter(StoredModule::isUsable).toList();
        }

        private static boolean isUsable(String argument) {
            try {
                KernelArgument.checked(argument);
                return true;
            } catch (QrmException ofBefore) {
                return false;
            }
        }
    }
}
