package org.qrm.api.admission;

import java.util.List;
import java.util.Objects;
import org.qrm.api.Tag;
import org.qrm.api.resource.MacAddress;

/**
 * A machine that is admitted when it comes. What is given here must all be true of the machine; at least one of address,
 * UUID and serial number is given.
 *
 * @param id its number, 0 before it is stored
 * @param mac of one of its cards, or null
 * @param uuid as SMBIOS tells it, in small letters (DMTF DSP0134), or null
 * @param serial the machine's serial number as SMBIOS tells it, or null
 * @param name what it is called from then on, or null
 * @param tags that it has from then on
 * @param owner whom it belongs to from then on, as in {@link org.qrm.api.Remark}; empty to leave that open
 */
public record ExpectedMachine(
        long id, MacAddress mac, String uuid, String serial, String name, List<Tag> tags, String owner) {

    public ExpectedMachine {
        tags = List.copyOf(tags);
        Objects.requireNonNull(owner);
    }

    /** Without an owner. */
    public ExpectedMachine(long id, MacAddress mac, String uuid, String serial, String name, List<Tag> tags) {
        this(id, mac, uuid, serial, name, tags, "");
    }

    /** Without tags. */
    public ExpectedMachine(long id, MacAddress mac, String uuid, String serial, String name) {
        this(id, mac, uuid, serial, name, List.of());
    }
}
