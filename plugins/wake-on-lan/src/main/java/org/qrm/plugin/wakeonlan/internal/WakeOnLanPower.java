package org.qrm.plugin.wakeonlan.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.power.PowerController;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.NetworkCard;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.settings.ObjectKind;
import org.qrm.api.settings.ObjectSettings;

/** Wakes machines whose questions were answered. Nobody answers to a magic packet, so that it came is not told. */
@Component
public final class WakeOnLanPower implements PowerController {

    /** A switch may just have lost what it knew, and a card be asleep for a moment longer. */
    private static final int TIMES = 3;

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final String ATTEMPT = "switch on";

    private final ObjectSettings settings;
    private final Networks networks;

    /** Networks of the server, by the names of its interfaces. */
    interface Networks {

        /**
         * Tells all that hear it there.
         *
         * @return whether the server has a card in it
         */
        boolean tell(String by, byte[] packet) throws IOException;
    }

    @Activate
    public WakeOnLanPower(@Reference ObjectSettings settings) {
        this(settings, Wire::tell);
    }

    WakeOnLanPower(ObjectSettings settings, Networks networks) {
        this.settings = settings;
        this.networks = networks;
    }

    @Override
    public boolean controls(Resource resource) {
        return resource.kind() == ResourceKind.NODE
                && settings.isAnswered(ObjectKind.RESOURCE, object(resource), WakeOnLan.ID);
    }

    @Override
    public Set<PowerAbility> abilities(Resource resource) {
        return EnumSet.of(PowerAbility.ON);
    }

    /** Returns when the cards were told; whether the machine woke is seen when it boots. */
    @Override
    public void powerOn(Resource resource, WorkContext work) {
        Map<String, String> answers = settings.open(ObjectKind.RESOURCE, String.valueOf(resource.id()), WakeOnLan.ID)
                .orElseThrow(() -> unavailable(
                        resource,
                        "nothing is known of the network that it is in",
                        "Answer what the plug-in wake-on-lan asks about this machine."));
        byte[] password = MagicPacket.password(answers.getOrDefault(CardQuestions.PASSWORD, ""))
                .orElseThrow(() -> unavailable(resource, "the password of its cards is none", "Answer it anew."));
        String by = answers.getOrDefault(CardQuestions.INTERFACE, "");
        Set<MacAddress> cards = cards(resource);
        for (int time = 0; time < TIMES; time++) {
            if (time > 0) {
                work.pause(PAUSE);
            }
            work.checkpoint();
            for (MacAddress card : cards) {
                tell(resource, by, MagicPacket.of(card, password));
            }
        }
        work.log("Magic packets for "
                + String.join(", ", cards.stream().map(MacAddress::value).toList()) + " went out by " + by
                + "; whether it wakes is seen when it boots");
    }

    @Override
    public void powerOff(Resource resource, WorkContext work) {
        throw onlyWakes("switch off", resource);
    }

    @Override
    public void powerCycle(Resource resource, WorkContext work) {
        throw onlyWakes("switch off and on", resource);
    }

    private void tell(Resource resource, String by, byte[] packet) {
        try {
            if (!networks.tell(by, packet)) {
                throw unavailable(
                        resource,
                        by + " is down, has no IPv4 network, or is not there",
                        "Look at it on the server, or name another interface for this machine.");
            }
        } catch (IOException failed) {
            throw QrmException.failed(
                    ATTEMPT,
                    resource.name(),
                    "nothing can be sent by " + by + ": " + failed.getMessage(),
                    "Look at that interface of the server.",
                    failed);
        }
    }

    /** That it boots from in front. */
    private static Set<MacAddress> cards(Resource resource) {
        Set<MacAddress> cards = new LinkedHashSet<>();
        cards.add(resource.mac());
        resource.hardware().nics().stream().map(NetworkCard::mac).forEach(cards::add);
        return cards;
    }

    private static String object(Resource resource) {
        return String.valueOf(resource.id());
    }

    private static QrmException onlyWakes(String attempted, Resource resource) {
        return QrmException.refused(
                attempted,
                resource.name(),
                "Wake-on-LAN only wakes",
                "Use a power plug-in that can, or the machine's button.");
    }

    private static QrmException unavailable(Resource resource, String reason, String remedy) {
        return new QrmException(new Problem(Problem.Kind.UNAVAILABLE, ATTEMPT, resource.name(), reason, remedy));
    }
}
