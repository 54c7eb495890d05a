package org.qrm.plugin.dnsmasq.internal;

import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.qrm.api.plugin.ConfigurationWizard;
import org.qrm.api.plugin.Question;

/** Asks on which network machines boot, and how they get their addresses there. */
@Component
public final class DnsmasqWizard implements ConfigurationWizard {

    @Override
    public String plugin() {
        return DnsmasqPlugin.ID;
    }

    @Override
    public List<Question> questions() {
        return List.of(
                new Question(
                        NetworkSettings.MODE,
                        "Mode: full (addresses and boot loader), proxy (boot loader only, beside the site's DHCP"
                                + " server) or off",
                        Question.Type.CHOICE,
                        "off",
                        true,
                        List.of("full", "proxy", "off")),
                text(NetworkSettings.INTERFACE, "Network interface to answer on, and no other", ""),
                address(NetworkSettings.RANGE_START, "First address to hand out (full)"),
                address(NetworkSettings.RANGE_END, "Last address to hand out (full)"),
                address(NetworkSettings.NETMASK, "Netmask; empty for that of the interface"),
                text(
                        NetworkSettings.LEASE_TIME,
                        "How long an address is lent: 45m, 12h, 7d or infinite",
                        NetworkSettings.DEFAULT_LEASE_TIME),
                address(NetworkSettings.GATEWAY, "Default gateway told to machines; empty for none"),
                address(NetworkSettings.DNS, "Name server told to machines; empty for none"),
                new Question(
                        NetworkSettings.ALLOW_FOREIGN,
                        "Start although another DHCP server answers on that network",
                        Question.Type.BOOLEAN,
                        "false",
                        true,
                        List.of()));
    }

    @Override
    public Map<String, String> validate(Map<String, String> answers) {
        return NetworkSettings.check(answers);
    }

    @Override
    public String effect() {
        return "It counts at once: dnsmasq is started anew, and machines hear of it when they ask for an address next.";
    }

    private static Question text(String name, String text, String proposed) {
        return new Question(name, text, Question.Type.TEXT, proposed, false, List.of());
    }

    private static Question address(String name, String text) {
        return new Question(name, text, Question.Type.IPV4, "", false, List.of());
    }
}
