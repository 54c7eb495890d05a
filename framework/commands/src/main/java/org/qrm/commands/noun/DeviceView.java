package org.qrm.commands.noun;

import org.qrm.api.resource.Device;
import org.qrm.api.resource.DeviceKind;
import org.qrm.commands.About;

/** A device of a machine as it is answered. */
record DeviceView(
        @About("what it is") DeviceKind kind,

        @About("where it is: sda, DIMM_A1, 0000:3b:00.0; of a neighbour, the network card")
        String name,

        @About("MiB of a disk or memory module; 0 while unknown, and for what has none")
        long sizeMb,

        @About("maker and model, of a neighbour switch and port; may be empty")
        String model,

        @About("its serial number, of a neighbour the id of the chassis; may be empty")
        String serial,

        @About("what else is known, for people") String details) {
    static DeviceView of(Device device) {
        return new DeviceView(
                device.kind(), device.name(), device.sizeMb(), device.model(), device.serial(), device.details());
    }
}
