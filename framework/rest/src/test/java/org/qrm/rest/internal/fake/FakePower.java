package org.qrm.rest.internal.fake;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.qrm.api.power.BmcLogEntry;
import org.qrm.api.power.Firmware;
import org.qrm.api.power.MachinePower;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.power.PowerState;
import org.qrm.api.power.Sensor;
import org.qrm.api.power.SensorStatus;

/** The first machine is on and has a BMC; the others are off, and have none. */
public final class FakePower implements MachinePower {

    /** Locators that were switched. */
    public final Map<Long, Boolean> lit = new ConcurrentHashMap<>();

    @Override
    public PowerState of(long resource) {
        return resource == 1 ? PowerState.ON : PowerState.OFF;
    }

    @Override
    public Set<PowerAbility> abilities(long resource) {
        return resource == 1 ? EnumSet.allOf(PowerAbility.class) : EnumSet.noneOf(PowerAbility.class);
    }

    @Override
    public List<Sensor> sensors(long resource) {
        has(resource);
        return List.of(
                new Sensor("Inlet Temp", SensorStatus.OK, 24.5, "degrees C", ""),
                new Sensor("PS 2", SensorStatus.CRITICAL, null, "", "Absent"));
    }

    @Override
    public List<BmcLogEntry> bmcLog(long resource) {
        has(resource);
        return List.of(
                new BmcLogEntry("2", Instant.parse("2026-01-02T03:04:05Z"), "PS 2", "AC lost"),
                new BmcLogEntry("1", null, "", "Log cleared"));
    }

    @Override
    public List<Firmware> firmware(long resource) {
        has(resource);
        return List.of(new Firmware("BIOS", "2.1"));
    }

    @Override
    public void identify(long resource, boolean on) {
        has(resource);
        lit.put(resource, on);
    }

    @Override
    public Terminal openConsole(long resource, TerminalSize size) {
        has(resource);
        return new FakeTerminal("login:", size, new AtomicInteger());
    }

    private static void has(long resource) {
        if (resource != 1) {
            throw new QrmException(new Problem(
                    Problem.Kind.UNAVAILABLE, "ask", "node-" + resource, "no plug-in can do that to this machine", ""));
        }
    }
}
