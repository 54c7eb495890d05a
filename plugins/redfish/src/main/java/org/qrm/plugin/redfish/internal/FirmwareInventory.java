package org.qrm.plugin.redfish.internal;

import java.util.List;
import org.qrm.api.power.Firmware;

/** The firmware that the update service of a machine lists (schema SoftwareInventory); without that, of its BIOS. */
final class FirmwareInventory {

    private static final int MOST = 100;

    private FirmwareInventory() {}

    static List<Firmware> read(Conversation talk, ComputerSystem system) {
        Answer root = talk.get(talk.service().root());
        List<Firmware> listed = Members.one(talk, root, "UpdateService")
                .flatMap(service -> Members.one(talk, service, "FirmwareInventory"))
                .map(collection -> Members.of(talk, collection, MOST).stream()
                        .map(each -> firmware(talk, Json.text(each, "Name"), Json.text(each, "Version")))
                        .toList())
                .orElse(List.of());
        String bios = Json.text(system.answer().json(), "BiosVersion");
        return !listed.isEmpty() || bios.isEmpty() ? listed : List.of(firmware(talk, "BIOS", bios));
    }

    private static Firmware firmware(Conversation talk, String name, String version) {
        return new Firmware(talk.service().discreet(name), talk.service().discreet(version));
    }
}
