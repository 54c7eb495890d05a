package org.qrm.api.resource;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.qrm.api.Remark;
import org.qrm.api.Tag;
import org.qrm.api.power.PowerReading;

/**
 * A machine that can run one virtual environment.
 *
 * @param id given at first sight, never used again
 * @param mac the card it boots from; unique
 * @param name unique; {@code node-525400aa0001} until somebody renames it
 * @param hostId the resource that a partition runs on, null for a node
 * @param partitionOf the plug-in whose partition this is, null for a node
 * @param state where it stands in its life cycle
 * @param reason why it is in state ERROR, MAINTENANCE or OFF; may be empty
 * @param hardware as it registered
 * @param address IPv4 address of the boot card at its last registration, or null
 * @param environmentId name of the virtual environment it is bound to, or null
 * @param load one-minute load average at the last report
 * @param tags what people say of it, by name
 * @param lastSeen last registration or report, or null; may be up to 5 s behind
 * @param power whether it has power, as who switches it told last; what the machine itself says is in its state
 * @param remark whom it belongs to, and what others should know of it
 * @param version counts changes; for optimistic locking
 */
public record Resource(
        long id,
        MacAddress mac,
        String name,
        ResourceKind kind,
        Long hostId,
        String partitionOf,
        ResourceState state,
        String reason,
        Hardware hardware,
        String address,
        String environmentId,
        double load,
        List<Tag> tags,
        Instant lastSeen,
        PowerReading power,
        Remark remark,
        long version) {
    public Resource {
        Objects.requireNonNull(mac);
        Objects.requireNonNull(name);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(state);
        Objects.requireNonNull(reason);
        Objects.requireNonNull(hardware);
        Objects.requireNonNull(power);
        Objects.requireNonNull(remark);
        tags = List.copyOf(tags);
    }

    /** Nobody said anything of it but tags. */
    public Resource(
            long id,
            MacAddress mac,
            String name,
            ResourceKind kind,
            Long hostId,
            String partitionOf,
            ResourceState state,
            String reason,
            Hardware hardware,
            String address,
            String environmentId,
            double load,
            List<Tag> tags,
            Instant lastSeen,
            PowerReading power,
            long version) {
        this(
                id,
                mac,
                name,
                kind,
                hostId,
                partitionOf,
                state,
                reason,
                hardware,
                address,
                environmentId,
                load,
                tags,
                lastSeen,
                power,
                Remark.NONE,
                version);
    }

    /** Nothing was told of its power. */
    public Resource(
            long id,
            MacAddress mac,
            String name,
            ResourceKind kind,
            Long hostId,
            String partitionOf,
            ResourceState state,
            String reason,
            Hardware hardware,
            String address,
            String environmentId,
            double load,
            List<Tag> tags,
            Instant lastSeen,
            long version) {
        this(
                id,
                mac,
                name,
                kind,
                hostId,
                partitionOf,
                state,
                reason,
                hardware,
                address,
                environmentId,
                load,
                tags,
                lastSeen,
                PowerReading.NONE,
                version);
    }

    /** Without tags. */
    public Resource(
            long id,
            MacAddress mac,
            String name,
            ResourceKind kind,
            Long hostId,
            String partitionOf,
            ResourceState state,
            String reason,
            Hardware hardware,
            String address,
            String environmentId,
            double load,
            Instant lastSeen,
            long version) {
        this(
                id,
                mac,
                name,
                kind,
                hostId,
                partitionOf,
                state,
                reason,
                hardware,
                address,
                environmentId,
                load,
                List.of(),
                lastSeen,
                version);
    }

    /** The same, of which people say that. */
    public Resource remarked(Remark other) {
        return new Resource(
                id,
                mac,
                name,
                kind,
                hostId,
                partitionOf,
                state,
                reason,
                hardware,
                address,
                environmentId,
                load,
                tags,
                lastSeen,
                power,
                other,
                version);
    }
}
