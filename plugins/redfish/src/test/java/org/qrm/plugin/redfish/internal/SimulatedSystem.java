package org.qrm.plugin.redfish.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A machine behind a simulated service. Its power changes a while after it was ordered. */
public final class SimulatedSystem {

    final String id;
    public final List<String> orders = Collections.synchronizedList(new ArrayList<>());
    private final List<String> offered = new ArrayList<>(List.of("On", "ForceOff", "GracefulShutdown", "ForceRestart"));
    private List<String> devices = List.of("None", "Pxe", "Hdd");
    private Duration delay = Duration.ofMillis(100);
    private boolean offersInActionInfo;
    private boolean saysMoving;
    private int lost;
    private boolean on;
    private boolean towards;
    private long due;
    private String bootTarget = "None";
    private String bootEnabled = "Disabled";
    private int version = 1;
    private boolean lit;

    public SimulatedSystem(String id) {
        this.id = id;
    }

    SimulatedSystem on() {
        return turn(true);
    }

    /** By the button at the machine. */
    synchronized SimulatedSystem turn(boolean given) {
        on = given;
        towards = given;
        return this;
    }

    synchronized SimulatedSystem after(Duration given) {
        delay = given;
        return this;
    }

    synchronized SimulatedSystem losing(int orderCount) {
        lost = orderCount;
        return this;
    }

    synchronized SimulatedSystem sayingThatItMoves() {
        saysMoving = true;
        return this;
    }

    synchronized SimulatedSystem offering(String... types) {
        offered.clear();
        offered.addAll(List.of(types));
        return this;
    }

    synchronized SimulatedSystem bootingFrom(String... others) {
        devices = List.of(others);
        return this;
    }

    synchronized SimulatedSystem offeringInActionInfo(String... types) {
        offersInActionInfo = true;
        return offering(types);
    }

    synchronized boolean isOn() {
        if (on != towards && System.nanoTime() - due >= 0) {
            on = towards;
        }
        return on;
    }

    /** How it boots next: {@code Pxe Once}. */
    public synchronized String boot() {
        return bootTarget + " " + bootEnabled;
    }

    synchronized String path() {
        return "/redfish/v1/Systems/" + id;
    }

    synchronized String etag() {
        return "\"" + version + "\"";
    }

    /** Switches, unless that is lost. */
    synchronized boolean reset(String type) {
        if (!offered.contains(type)) {
            return false;
        }
        orders.add(type);
        if (lost > 0) {
            lost--;
            return true;
        }
        isOn();
        towards = type.equals("PushPowerButton") ? !on : !type.equals("ForceOff") && !type.equals("GracefulShutdown");
        due = System.nanoTime() + delay.toNanos();
        return true;
    }

    synchronized void boot(JsonNode change) {
        bootTarget = change.path("BootSourceOverrideTarget").asText(bootTarget);
        bootEnabled = change.path("BootSourceOverrideEnabled").asText(bootEnabled);
        version++;
    }

    synchronized void light(JsonNode change) {
        lit = change.asBoolean(lit);
        version++;
    }

    /** Whether its locator is lit. */
    public synchronized boolean isLit() {
        return lit;
    }

    synchronized ObjectNode json() {
        ObjectNode system = Json.empty();
        system.put("@odata.id", path());
        system.put("@odata.type", "#ComputerSystem.v1_13_0.ComputerSystem");
        system.put("@odata.etag", etag());
        system.put("Id", id).put("Name", "System " + id).put("SystemType", "Physical");
        system.put("LocationIndicatorActive", lit).put("BiosVersion", "U30 v2.76");
        ObjectNode links = system.putObject("Links");
        links.putArray("Chassis").addObject().put("@odata.id", "/redfish/v1/Chassis/1");
        links.putArray("ManagedBy").addObject().put("@odata.id", "/redfish/v1/Managers/1");
        boolean now = isOn();
        String moving = towards ? "PoweringOn" : "PoweringOff";
        system.put("PowerState", now != towards && saysMoving ? moving : now ? "On" : "Off");
        ObjectNode boot = system.putObject("Boot");
        boot.put("BootSourceOverrideTarget", bootTarget).put("BootSourceOverrideEnabled", bootEnabled);
        boot.put("BootSourceOverrideMode", "UEFI");
        devices.forEach(boot.putArray("BootSourceOverrideTarget@Redfish.AllowableValues")::add);
        ObjectNode reset = system.putObject("Actions").putObject("#ComputerSystem.Reset");
        reset.put("target", path() + "/Actions/ComputerSystem.Reset");
        if (offersInActionInfo) {
            reset.put("@Redfish.ActionInfo", path() + "/ResetActionInfo");
        } else {
            offered.forEach(reset.putArray("ResetType@Redfish.AllowableValues")::add);
        }
        return system;
    }

    synchronized ObjectNode actionInfo() {
        ObjectNode info = Json.empty();
        info.put("@odata.id", path() + "/ResetActionInfo");
        info.put("@odata.type", "#ActionInfo.v1_1_2.ActionInfo");
        ArrayNode parameters =
                info.put("Id", "ResetActionInfo").put("Name", "Reset").putArray("Parameters");
        ObjectNode parameter = parameters.addObject().put("Name", "ResetType").put("Required", true);
        offered.forEach(parameter.putArray("AllowableValues")::add);
        return info;
    }
}
