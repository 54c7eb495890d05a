package org.qrm.api.partition;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;
import org.qrm.api.QrmException;
import org.qrm.api.environment.Requirements;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.resource.Resource;

/**
 * Carries out on a host what the server decided about its partitions. Registered as an OSGi service by a plug-in.
 *
 * <p>The server keeps the list of partitions, their addresses and states, and calls this within durable operations: every
 * method but the reading ones is idempotent, and after a crash of the server it is called again. What the hypervisor
 * says when it fails is to be the reason of the {@link org.qrm.api.QrmException}, in its own words.
 */
@ConsumerType
public interface PartitionProvider {

    /** The plug-in's id, as in {@code partition:<plug-in>}. */
    String plugin();

    /** What a machine must have at least to become a host. */
    default Requirements hostNeeds() {
        return Requirements.NONE;
    }

    /** The first three bytes of the partitions' MAC addresses: {@code 00:16:3e}. */
    String macPrefix();

    /**
     * What the host has now; it is asked, 30 s are given.
     *
     * @param host a machine that runs a host environment of this plug-in
     */
    HostCapacity capacity(Resource host);

    /**
     * The partitions that are on the host now; it is asked, 30 s are given. Others' virtual machines are left out.
     *
     * @throws org.qrm.api.QrmException when the host does not tell: one that is not in the list is taken for lost
     */
    List<PartitionSighting> list(Resource host);

    /**
     * Makes it known to the host if it is not, and starts it: it boots from the network, as a bare machine does. Does
     * nothing if it runs.
     *
     * @param partition its size is what it is to have
     */
    void start(Resource host, Partition partition, WorkContext work);

    /** Shuts it down; switches it off at once when forced, or else when it does not obey. Does nothing if it is off. */
    void stop(Resource host, Partition partition, boolean force, WorkContext work);

    /** Stops or resumes its CPUs. */
    void pause(Resource host, Partition partition, boolean pause, WorkContext work);

    /**
     * Gives a partition another size or other CPUs, at once if it runs.
     *
     * @param partition as it is to be
     */
    void change(Resource host, Partition partition, WorkContext work);

    /** Switches it off if it runs, and makes the host forget it. Does nothing if the host does not know it. */
    void remove(Resource host, Partition partition, WorkContext work);

    /**
     * The end of what it wrote to its console.
     *
     * @param bytes at most so much, 1..1048576
     */
    String console(Resource host, Partition partition, int bytes);

    /**
     * Types at its console, as a person at a terminal would.
     *
     * @param text 1..4096 bytes in UTF-8, control characters included; a line ends with a carriage return
     */
    default void type(Resource host, Partition partition, String text) {
        throw QrmException.refused(
                "type at console",
                partition.name(),
                "the consoles of " + plugin() + " are only read",
                "Log in to it over the network.");
    }

    /**
     * Opens its console as a terminal; 30 s are given. It begins with the end of what was written before, as plain text.
     *
     * @return what is closed by the server when nobody needs it any more, or this plug-in goes
     */
    default Terminal openTerminal(Resource host, Partition partition, TerminalSize size) {
        throw QrmException.refused(
                "open the console",
                partition.name(),
                "the consoles of " + plugin() + " are no terminals",
                "Read what it wrote, or log in to it over the network.");
    }
}
