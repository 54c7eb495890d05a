package org.qrm.plugin.simulator.internal.machine;

/** Writes what a machine finds in itself when it is idle. */
final class InventoryText {

    private final SimulatedMachine machine;

    InventoryText(SimulatedMachine machine) {
        this.machine = machine;
    }

    Lines text() {
        MachineProfile profile = machine.profile();
        String serial = machine.identity().serial();
        return new Lines()
                .put("device", "cpu,socket 0,0,,QRM simulated CPU," + profile.cpus() + " threads")
                .put("device", "firmware,bios,0,,QRM,1.0 01/01/2026")
                .put("device", "memory,DIMM 0," + profile.memoryMb() + "," + serial + "-m0,QRM simulated memory,DDR5")
                .put("device", "disk,vda,457764," + serial + "-d0,QRM simulated disk,ssd virtual");
    }
}
