package org.qrm.plugin.simulator.internal.machine;

import java.util.List;

/** Writes what a machine says of itself when it registers. */
final class RegistrationText {

    private final MachineIdentity identity;
    private final MachineProfile profile;
    private final String bootId;
    private final String hostKey;

    RegistrationText(MachineIdentity identity, MachineProfile profile, String bootId, String hostKey) {
        this.identity = identity;
        this.profile = profile;
        this.bootId = bootId;
        this.hostKey = hostKey;
    }

    Lines text(String token, String image) {
        Lines lines = new Lines()
                .put("version", 1)
                .put("token", token)
                .put("boot-id", bootId)
                .put("mac", identity.mac())
                .put("image", image)
                .put("cpus", profile.cpus())
                .put("cpu-mhz", profile.cpuMhz())
                .put("memory-mb", profile.memoryMb());
        List<String> macs = identity.macs(profile.nics());
        for (int card = 0; card < macs.size(); card++) {
            lines.put("nic", macs.get(card) + ",eth" + card + ",simulated,1000");
        }
        return lines.put("arch", "x86_64")
                .put("kernel", "simulated")
                .put("vendor", "QRM")
                .put("product", identity.kind().product)
                .put("serial", identity.serial())
                .put("uuid", identity.uuid())
                .put("address", identity.address())
                .put("ssh-host-key", hostKey)
                .put("execd-port", 22);
    }
}
