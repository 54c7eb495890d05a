package org.qrm.core.resource;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import org.qrm.api.QrmException;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.power.BootDevice;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.resource.Resource;
import org.qrm.core.store.Database;

/**
 * Has machines boot from their own disks by who switches them, where he can tell them: firmware may not know how to come from the
 * network to the disk. A machine that is not told asks the network, as ever, and is sent to its disk.
 */
final class DiskBoot {

    /** It is one hint; the machine waits for its order meanwhile. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final PowerControllers controllers;

    DiskBoot(PowerControllers controllers) {
        this.controllers = controllers;
    }

    /** The next time that it boots, which is soon. */
    void next(WorkContext work, Resource machine) {
        tell(work, machine, BootDevice.DISK, "from its disk, and is sent there by the network");
    }

    /** It does not boot from its disk after all; where nobody can tell it, that is over with its next boot. */
    void notNext(WorkContext work, Resource machine) {
        tell(work, machine, BootDevice.NETWORK, "from the network again, and may boot from its disk the next time");
    }

    private void tell(WorkContext work, Resource machine, BootDevice device, String untold) {
        controllers.of(machine, PowerAbility.BOOT_DEVICE).ifPresent(telling -> {
            try {
                telling.bootNext(device, LIMIT, work);
            } catch (QrmException failed) {
                Database.throwIfLost(failed);
                work.log(machine.name() + " could not be told to boot " + untold + ": "
                        + failed.problem().reason());
            }
        });
    }

    /** @param otherwise who switches it on when nobody can tell it what to boot from */
    void on(WorkContext work, Resource machine, PowerControllers.Switch otherwise) {
        telling(machine).ifPresentOrElse(telling -> telling.on(BootDevice.DISK, work), () -> otherwise.on(work));
    }

    /** @param power who switches it off; and on, when nobody can tell it what to boot from */
    void cycle(WorkContext work, Resource machine, PowerControllers.Switch power) {
        Optional<PowerControllers.Switch> telling = telling(machine);
        if (telling.isEmpty()) {
            power.cycle(work);
        } else {
            power.off(work);
            telling.get().on(BootDevice.DISK, work);
        }
    }

    private Optional<PowerControllers.Switch> telling(Resource machine) {
        return controllers.of(machine, EnumSet.of(PowerAbility.ON, PowerAbility.BOOT_DEVICE));
    }
}
