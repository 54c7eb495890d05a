package org.qrm.plugin.xen.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Command;
import org.qrm.api.exec.CommandResult;
import org.qrm.api.exec.RemoteCommands;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.qrm.api.partition.Partition;
import org.qrm.api.partition.PartitionSize;
import org.qrm.api.partition.PartitionState;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.Resource;
import org.qrm.testkit.Machine;
import org.qrm.testkit.Played;
import org.qrm.testkit.TestWork;

public class XenPartitionsTest {

    private static final Partition PARTITION = new Partition(
            7,
            "p1",
            MacAddress.parse("00:16:3e:00:00:01"),
            3,
            "xen",
            new PartitionSize(1, 700, 256),
            "",
            PartitionState.DEFINED,
            "");

    private final Resource machine = Machine.node(3).named("node-1").resource();
    private final TestWork work = new TestWork();
    private final List<String> asked = new ArrayList<>();
    private CommandResult answer = new CommandResult(0, "", "", false);
    private final XenPartitions partitions = new XenPartitions(Played.by(RemoteCommands.class, new Host()), Map.of());

    /** The host's qrm-execd. */
    public final class Host {
        public CommandResult runOnMachine(long resource, Command command) throws IOException {
            assertEquals(3, resource);
            String input =
                    command.input() == null ? "" : new String(command.input().readAllBytes(), StandardCharsets.UTF_8);
            asked.add(String.join(" ", command.words()) + (input.isEmpty() ? "" : " < " + input.replace('\n', ';')));
            if (command.progress() != null) {
                answer.error().lines().forEach(command.progress());
            }
            return answer;
        }

        public Terminal openTerminal(long resource, List<String> words, TerminalSize size) {
            asked.add(resource + " " + size.columns() + "x" + size.rows() + " " + String.join(" ", words));
            return null;
        }
    }

    @Test
    public void turnsEachCallIntoOneVerb() {
        partitions.start(machine, PARTITION, work);
        partitions.stop(machine, PARTITION, false, work);
        partitions.stop(machine, PARTITION, true, work);
        partitions.pause(machine, PARTITION, true, work);
        partitions.pause(machine, PARTITION, false, work);
        partitions.change(machine, PARTITION, work);
        partitions.remove(machine, PARTITION, work);
        String facts = " < name=p1;cpus=1;cpu-mhz=700;memory-mb=256;pinned-cpus=;type=pv;";
        assertEquals(
                List.of(
                        "xen/manage start 00:16:3e:00:00:01" + facts,
                        "xen/manage stop 00:16:3e:00:00:01",
                        "xen/manage stop 00:16:3e:00:00:01 force",
                        "xen/manage pause 00:16:3e:00:00:01",
                        "xen/manage resume 00:16:3e:00:00:01",
                        "xen/manage change 00:16:3e:00:00:01" + facts,
                        "xen/manage remove 00:16:3e:00:00:01"),
                asked);
    }

    @Test
    public void showsTheEndOfAConsole() {
        answer = new CommandResult(0, "login: ", "", false);
        assertEquals("login: ", partitions.console(machine, PARTITION, 4096));
        assertEquals(List.of("xen/manage console 00:16:3e:00:00:01 4096"), asked);
    }

    @Test
    public void opensAConsoleThatCanBeHad() {
        partitions.openTerminal(machine, PARTITION, new TerminalSize(132, 50));
        assertEquals(
                List.of("xen/manage attachable 00:16:3e:00:00:01", "3 132x50 xen/manage attach 00:16:3e:00:00:01"),
                asked);
        asked.clear();
        answer = new CommandResult(1, "", "qrm-xen: somebody else is at the console\n", false);
        QrmException refused = assertThrows(
                QrmException.class, () -> partitions.openTerminal(machine, PARTITION, new TerminalSize(80, 24)));
        assertEquals(
                "qrm-xen: somebody else is at the console", refused.problem().reason());
        assertEquals(1, asked.size());
    }

    @Test
    public void tellsWhatTheHypervisorSaidInItsOwnWords() {
        answer = new CommandResult(
                1,
                "",
                "fetching\nlibxl: error: libxl_create.c:1876:domcreate_launch_dm: unable to add device\nxl: not enough"
                        + " free memory\u001b[0m\n",
                false);
        QrmException failed = assertThrows(QrmException.class, () -> partitions.start(machine, PARTITION, work));
        assertEquals(
                "Cannot start partition p1 on Xen host \"node-1\": fetching; libxl: error:"
                        + " libxl_create.c:1876:domcreate_launch_dm: unable to add device; xl: not enough free memory"
                        + " [0m.",
                failed.getMessage());
        assertEquals(3, work.log().size());
    }

    @Test
    public void saysThatAHostHasNoTools() {
        answer = new CommandResult(127, "", "no such verb", false);
        QrmException failed = assertThrows(QrmException.class, () -> partitions.capacity(machine));
        assertEquals(Problem.Kind.UNAVAILABLE, failed.problem().kind());
    }

    @Test
    public void doesNotTakeAnAnswerThatMakesNoSense() {
        answer = new CommandResult(0, "Segmentation fault\n", "", false);
        assertThrows(QrmException.class, () -> partitions.capacity(machine));
        assertThrows(QrmException.class, () -> partitions.list(machine));
    }

    @Test
    public void startsNothingAnyMoreWhenItIsCancelled() {
        work.cancel();
        assertThrows(org.qrm.api.operation.CancelledException.class, () -> partitions.start(machine, PARTITION, work));
        assertEquals(List.of(), asked);
    }

    @Test
    public void startsPartitionsOfTheTypeThatIsConfigured() {
        partitions.configure(Map.of("partitionType", "pvh"));
        partitions.start(machine, PARTITION, work);
        assertEquals(true, asked.get(0).endsWith("type=pvh;"));
    }

    @Test
    public void needsTwoCards() {
        assertEquals(2, partitions.hostNeeds().nics());
        assertEquals("00:16:3e", partitions.macPrefix());
    }
}
