package org.qrm.api.power;

import java.util.List;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;

/** Whether machines have power, and what else those say of them who switch it. */
@ProviderType
public interface MachinePower {

    /**
     * Asks now.
     *
     * @param resource its number
     * @throws org.qrm.api.QrmException NOT_FOUND; UNAVAILABLE when no plug-in controls its power; whatever the plug-in says when it
     *     is not told; TIMEOUT
     */
    PowerState of(long resource);

    /**
     * What those that control its power can do, as they know without asking it; empty when there are none.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND
     */
    Set<PowerAbility> abilities(long resource);

    /**
     * Reads its sensors now, which may take a minute; at most 1000.
     *
     * @throws org.qrm.api.QrmException as {@link #of}; UNAVAILABLE also when nobody can do that, or too many are asked already
     */
    List<Sensor> sensors(long resource);

    /** Reads the event log of its BMC now, the newest first. Bounded, and throws, as {@link #sensors}. */
    List<BmcLogEntry> bmcLog(long resource);

    /** Reads which firmware it has. Bounded, and throws, as {@link #sensors}. */
    List<Firmware> firmware(long resource);

    /** Lights its locator, or puts it out. Throws as {@link #sensors}. */
    void identify(long resource, boolean lit);

    /**
     * Opens its serial console as a terminal, for one person at a time. Throws as {@link #sensors}; CONFLICT when somebody else is there.
     *
     * @return to be closed by the caller; ends by itself when the BMC ends it, or its plug-in goes
     */
    Terminal openConsole(long resource, TerminalSize size);
}
