package org.qrm.api.node;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;
import org.qrm.api.resource.MacAddress;

/** What machines ask of the server. Arguments are untrusted; refusals are {@link org.qrm.api.QrmException}s and events. */
@ProviderType
public interface Nodes {

    /** What the machine with that card is to boot now. A read: an unknown machine leaves no trace. */
    BootOrder bootOrder(MacAddress mac);

    /**
     * The same, for a boot loader that asks.
     *
     * @param peer the address it asks from
     * @throws org.qrm.api.QrmException CONFLICT while a machine with that card is up, reports, and was not told to boot: it is
     *     another one that asks, or the same one after a power cut, which is answered when a few of its reports are missing
     */
    default BootOrder bootOrder(MacAddress mac, String peer) {
        return bootOrder(mac);
    }

    /**
     * The same for a partition, asked by the host that is its boot loader.
     *
     * @param resource the host's id
     * @throws org.qrm.api.QrmException UNAUTHENTICATED; NOT_FOUND unless that card is of a partition on it
     */
    BootOrder bootOrder(long resource, String nodeToken, MacAddress mac);

    /** The boot loader of the machine with that card fetches a kernel: a hint for those who ask why it does not come up. */
    void kernelFetched(MacAddress mac);

    /**
     * The boot loader of the machine with that card can not be answered, as what the machine is to boot can not be written
     * for it. Becomes an event of that machine, once until it registers again.
     *
     * @param why in words for an administrator
     */
    void unbootable(MacAddress mac, String why);

    /**
     * A machine has booted. Durable when it returns.
     *
     * @throws org.qrm.api.QrmException UNAUTHENTICATED when the token is not of this MAC, too old, or used; CONFLICT as for
     *     {@link #bootOrder(MacAddress, String)}; INVALID or CONFLICT when it has an address that it cannot have
     */
    Registered register(Registration registration);

    /**
     * A machine reports.
     *
     * @param hold how long the answer may wait for an instruction, 0..30 s
     * @return completes with an instruction at once when there is one, else with Continue after {@code hold}
     * @throws org.qrm.api.QrmException UNAUTHENTICATED when the token is not that of the resource
     */
    CompletionStage<Instruction> report(Report report, Duration hold);

    /**
     * A machine tells what it found in itself. Durable when it returns.
     *
     * @throws org.qrm.api.QrmException UNAUTHENTICATED when the token is not that of the resource
     */
    default void inventory(Inventory inventory) {
        throw new UnsupportedOperationException();
    }

    /** Whether that is the resource's node token. Asks memory, for those who are to be answered when others are not. */
    default boolean isToken(long resource, String nodeToken) {
        return false;
    }

    /**
     * The package of a plug-in's boot service.
     *
     * @throws org.qrm.api.QrmException UNAUTHENTICATED; NOT_FOUND
     */
    InputStream bootService(long resource, String nodeToken, String plugin) throws IOException;

    /**
     * Puts on record that something arrived which was refused before it had a meaning (malformed, too large). Bounded:
     * a flood is counted, not stored line by line.
     *
     * @param from the sender's address
     * @param what what was wrong with it; control characters are replaced
     */
    void refused(String from, String what);
}
