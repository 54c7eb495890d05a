package org.qrm.plugin.redfish.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.power.BootDevice;

/** What a machine boots from the next time, and only then. */
enum NextBoot {
    NETWORK("Pxe", "the network"),
    DISK("Hdd", "its disk");

    private final String target;
    private final String words;

    NextBoot(String target, String words) {
        this.target = target;
        this.words = words;
    }

    static NextBoot of(BootDevice device) {
        return device == BootDevice.DISK ? DISK : NETWORK;
    }

    /**
     * Sets it. A service that refuses is no reason to leave the machine off: it may boot from there by itself.
     *
     * @return what was done, for people
     * @throws QrmException when the user may not, or the time is over
     */
    String set(Conversation talk, ComputerSystem system) {
        if (!system.offersBoot(target)) {
            return "it cannot be told to boot from " + words + ", the service does not offer that";
        }
        Answer answer;
        try {
            answer = change(talk, system);
        } catch (QrmException broken) {
            if (broken.problem().kind() == Problem.Kind.TIMEOUT) {
                throw broken;
            }
            return untold(broken);
        }
        if (answer.isGood()) {
            return "it boots from " + words;
        }
        QrmException refused = talk.fault().refused(answer);
        if (answer.status() == 401 || answer.status() == 403) {
            throw refused;
        }
        return untold(refused);
    }

    /**
     * Sets it, and nothing else is done.
     *
     * @return what was done, for people
     * @throws QrmException when it is not set
     */
    String require(Conversation talk, ComputerSystem system) {
        if (!system.offersBoot(target)) {
            throw talk.fault().odd("the service does not offer that it boots from " + words + " (" + target + ")");
        }
        Answer answer = change(talk, system);
        if (!answer.isGood()) {
            throw talk.fault().refused(answer);
        }
        return "it boots from " + words + " the next time";
    }

    private String untold(QrmException why) {
        return "it could not be told to boot from " + words + ": "
                + why.problem().reason();
    }

    private Answer change(Conversation talk, ComputerSystem system) {
        ObjectNode body = Json.empty();
        body.putObject("Boot").put("BootSourceOverrideTarget", target).put("BootSourceOverrideEnabled", "Once");
        return Patch.change(talk, system.answer(), body);
    }
}
