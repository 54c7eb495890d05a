package org.qrm.plugin.redfish.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

/** Has a machine boot from the network once. */
final class NetworkBoot {

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

    private static Answer change(Conversation talk, ComputerSystem system) {
        ObjectNode body = Json.empty();
        body.putObject("Boot").put("BootSourceOverrideTarget", "Pxe").put("BootSourceOverrideEnabled", "Once");
        return Patch.change(talk, system.answer(), body);
    }
}
