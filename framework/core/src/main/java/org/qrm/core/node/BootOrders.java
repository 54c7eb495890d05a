package org.qrm.core.node;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.image.BootImage;
import org.qrm.api.image.BootImages;
import org.qrm.api.node.BootOrder;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.server.ServerSettings;
import org.qrm.core.environment.AssignmentRow;
import org.qrm.core.environment.AssignmentRows;
import org.qrm.core.environment.BootPlan;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.store.Database;

/** What boot loaders are answered: read from the database, remembered until the machine's row changes. */
final class BootOrders {

    private static final int REMEMBERED = 50_000;
    private static final long SHARED_FOR_MILLIS = 1000;

    private final Database database;
    private final ResourceRows rows;
    private final BootImages images;
    private final BootTokens tokens;
    private final List<String> sameForAll;
    private final Supplier<String> caDigest;
    private final Map<MacAddress, Remembered> remembered = new ConcurrentHashMap<>();
    private final Map<Long, MacAddress> macs = new ConcurrentHashMap<>();

    BootOrders(
            Database database,
            ResourceRows rows,
            BootImages images,
            BootTokens tokens,
            ServerSettings settings,
            Supplier<String> caDigest) {
        this.database = database;
        this.rows = rows;
        this.images = images;
        this.tokens = tokens;
        this.sameForAll = List.of(
                "qrm.server=https://" + settings.address() + ":" + settings.httpsPort(),
                "qrm.http=http://" + settings.address() + ":" + settings.httpPort());
        this.caDigest = caDigest;
        rows.watch(this::forget);
    }

    /**
     * What a machine boots; null configuration for its own disk.
     *
     * @param resource its id; 0 while nobody knows it
     */
    private record Remembered(long resource, BootConfiguration configuration, long readAt) {}

    /**
     * Answers whoever asks for that machine.
     *
     * @param toHost whether its host asks
     * @param letBoot is asked with the id of a machine that is known, and throws when it is not to boot
     */
    BootOrder of(MacAddress mac, boolean toHost, LongConsumer letBoot) {
        if (remembered.size() > REMEMBERED) {
            remembered.clear();
            macs.clear();
        }
        if (database.shared()) {
            long now = System.currentTimeMillis();
            remembered.computeIfPresent(mac, (key, old) -> now - old.readAt() > SHARED_FOR_MILLIS ? null : old);
        }
        Remembered known = remembered.get(mac);
        if (known == null) {
            known = database.forStranger(() -> remembered.computeIfAbsent(mac, this::read));
        }
        BootConfiguration configuration = known.configuration();
        if (configuration == null) {
            return new BootOrder(null, List.of());
        }
        if (known.resource() != 0) {
            letBoot.accept(known.resource());
        }
        List<String> parameters = new java.util.ArrayList<>(sameForAll);
        parameters.add("qrm.ca=" + caDigest.get());
        parameters.add("qrm.mac=" + mac.value());
        parameters.add("qrm.token=" + tokens.issue(mac, toHost));
        parameters.add("qrm.image=" + configuration.bootImage());
        return new BootOrder(configuration, parameters);
    }

    private Remembered read(MacAddress mac) {
        long now = System.currentTimeMillis();
        return database.read(handle -> {
            Optional<ResourceRow> row = rows.find(handle, mac);
            row.ifPresent(known -> macs.put(known.id(), mac));
            if (row.isPresent() && row.get().localBoot()) {
                return new Remembered(row.get().id(), null, now);
            }
            BootConfiguration planned = row.isPresent() ? planned(handle, row.get()) : null;
            return new Remembered(row.map(ResourceRow::id).orElse(0L), planned != null ? planned : idle(), now);
        });
    }

    /** What its assignment says, or null when it is to be idle. */
    private static BootConfiguration planned(Handle handle, ResourceRow row) {
        AssignmentRow assignment = AssignmentRows.of(handle, row.id()).orElse(null);
        boolean leads = assignment != null
                && row.admitted()
                && row.state() != ResourceState.ASSIGNED
                && !assignment.releasing()
                && assignment.plan() != null;
        return leads ? assignment.plan().configuration() : null;
    }

    private BootConfiguration idle() {
        BootImage image = images.find(BootImage.DEFAULT)
                .orElseThrow(() -> new QrmException(new Problem(
                        Problem.Kind.UNAVAILABLE,
                        "answer boot loader",
                        "",
                        "the server has no boot image " + BootImage.DEFAULT,
                        "Unpack the distribution completely.")));
        return BootPlan.idle(image);
    }

    private void forget(long resource) {
        MacAddress mac = macs.get(resource);
        if (mac != null) {
            remembered.remove(mac);
        } else {
            // a machine that was unknown when it was answered: its entry can not be told from its id
            database.read(handle -> rows.find(handle, resource))
                    .ifPresent(row -> remembered.remove(row.resource().mac()));
        }
    }
}
