package org.qrm.api.power;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.resource.Resource;

/** Switches machines on and off (IPMI, Wake-on-LAN, a hypervisor). Registered as an OSGi service by a plug-in. */
@ConsumerType
public interface PowerController {

    /**
     * Whether it can switch that machine; of another one nothing is switched. Answers at once, from what it knows, and asks no machine.
     */
    boolean controls(Resource resource);

    /**
     * What it can do to a machine that it controls. What it cannot is not asked of it; if it is, it is refused (REFUSED), and nothing
     * is done. Answers at once, from what it knows, and asks no machine. Unless it says otherwise: to switch it on and off, and to tell
     * whether it has power.
     */
    default Set<PowerAbility> abilities(Resource resource) {
        return EnumSet.of(PowerAbility.ON, PowerAbility.OFF, PowerAbility.STATE);
    }

    /**
     * Returns when the machine has power; nothing happens to one that has.
     *
     * @throws org.qrm.api.QrmException UNREACHABLE, TIMEOUT or FAILED with what was said when it cannot be done
     */
    void powerOn(Resource resource, WorkContext work);

    /**
     * The same, and the machine boots from there this time if it had no power; not by any other choice of this controller.
     *
     * @throws org.qrm.api.QrmException as {@link #powerOn}; REFUSED when it cannot be told what to boot from
     */
    default void powerOn(Resource resource, BootDevice device, WorkContext work) {
        throw bootsWhatItLikes("switch on", resource);
    }

    /**
     * Has the machine boot from there the next time, and from then on as before; switches nothing. Who is told may forget it when the
     * machine does not boot within a minute.
     *
     * @throws org.qrm.api.QrmException as {@link #powerOn}; REFUSED when it cannot be told what to boot from
     */
    default void bootNext(Resource resource, BootDevice device, WorkContext work) {
        throw bootsWhatItLikes("set what is booted by", resource);
    }

    private static QrmException bootsWhatItLikes(String attempted, Resource resource) {
        return QrmException.refused(
                attempted,
                resource.name(),
                "who switches it cannot tell it what to boot from",
                "Set the order of its boot devices in its firmware.");
    }

    /** Returns when the machine has no power; does not ask the machine. */
    void powerOff(Resource resource, WorkContext work);

    /** Off and on again, without asking the machine; one that is off is switched on. */
    void powerCycle(Resource resource, WorkContext work);

    /**
     * Asks the machine's own system to shut down and switch it off, as a short press of its button does. Returns when that is passed on,
     * whatever the system does about it; nothing happens to a machine that is off.
     *
     * @throws org.qrm.api.QrmException as {@link #powerOn}; REFUSED when there is no way to do that
     */
    default void shutDown(Resource resource, WorkContext work) {
        throw QrmException.refused(
                "shut down",
                resource.name(),
                "who switches it cannot ask its system to shut down",
                "Shut it down there, or switch it off.");
    }

    /**
     * Whether the machine has power now. Answers within seconds. Who switches it may not answer: that is not OFF, by which a machine
     * that is lost is replaced.
     *
     * @throws org.qrm.api.QrmException UNREACHABLE, TIMEOUT or FAILED with what was said when it is not told
     */
    default PowerState state(Resource resource) {
        return PowerState.UNKNOWN;
    }

    /**
     * Its sensors, as they are now; of more than 1000 the first count. Answers within 50 s.
     *
     * @throws org.qrm.api.QrmException UNREACHABLE, TIMEOUT or FAILED with what was said when they are not told
     */
    default List<Sensor> sensors(Resource resource) {
        return List.of();
    }

    /** The event log of its BMC, the newest first; of more than 1000 the first count. Answers and throws as {@link #sensors}. */
    default List<BmcLogEntry> bmcLog(Resource resource) {
        return List.of();
    }

    /** The firmware that it has; of more than 1000 the first count. Answers and throws as {@link #sensors}. */
    default List<Firmware> firmware(Resource resource) {
        return List.of();
    }

    /** Lights its locator, by which it is found in its rack, until it is put out. Answers and throws as {@link #sensors}. */
    default void identify(Resource resource, boolean lit) {
        throw new UnsupportedOperationException();
    }

    /**
     * Opens its serial console as a terminal, for one person at a time; 30 s are given. It ends when the machine's BMC ends it, or does
     * not answer any more, and with the plug-in.
     *
     * @param size of the person's window; a serial line has none, so it may do nothing
     * @throws QrmException CONFLICT when somebody else is there; UNREACHABLE, TIMEOUT or FAILED with what was said when it is not opened
     */
    default Terminal openConsole(Resource resource, TerminalSize size) {
        throw QrmException.refused(
                "open the console",
                resource.name(),
                "who switches it has no way to its serial console",
                "Look at it by other means.");
    }
}
