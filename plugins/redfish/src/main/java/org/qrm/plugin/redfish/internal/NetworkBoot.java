package org.qrm.plugin.redfish.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

/** Has a machine boot from the network once. */
final class NetworkBoot {

    private static final int PRECONDITION_FAILED = 412;

    private NetworkBoot() {}

    /**
     * Sets it. A service that refuses is no reason to leave the machine off: it may boot from the network by itself.
     *
     * @return what was done, for people
     * @throws QrmException when the user may not, or the time is over
     */
    static String set(Conversation talk, ComputerSystem system) {
        if (!system.offersNetworkBoot()) {
            return "it cannot be told to boot from the network, the service does not offer that";
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
            return "it boots from the network";
        }
        QrmException refused = talk.fault().refused(answer);
        if (answer.status() == 401 || answer.status() == 403) {
            throw refused;
        }
        return untold(refused);
    }

    private static String untold(QrmException why) {
        return "it could not be told to boot from the network: " + why.problem().reason();
    }

    /** Services may want If-Match, with the tag as they gave it, or as a strong one. */
    private static Answer change(Conversation talk, ComputerSystem system) {
        ObjectNode body = Json.empty();
        body.putObject("Boot").put("BootSourceOverrideTarget", "Pxe").put("BootSourceOverrideEnabled", "Once");
        var place = system.answer().place();
        Answer first = talk.patch(place, body, system.answer().etag());
        if (first.status() != PRECONDITION_FAILED) {
            return first;
        }
        String fresh = talk.get(place).etag();
        Answer second = talk.patch(place, body, fresh);
        if (second.status() != PRECONDITION_FAILED || !fresh.startsWith("W/")) {
            return second;
        }
        return talk.patch(place, body, fresh.substring("W/".length()));
    }
}
