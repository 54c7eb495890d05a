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
                address(NetworkSettings.DNS, "Name server told to machines, or asked for them; empty for none"),
                text(NetworkSettings.MTU, "MTU told to machines, 576 to 9216; 0 for none", "0"),
                text(
                        NetworkSettings.ROUTES,
                        "Routes told to machines: 10.9.0.0/16 10.77.0.254, with commas between; empty for none",
                        ""),
                text(
                        NetworkSettings.DOMAIN,
                        "Domain in which the names of machines are answered (DNS); empty for none",
                        ""),
                choice(NetworkSettings.FIXED_ADDRESSES, "A machine keeps the address that it has had", "true"),
                choice(NetworkSettings.KNOWN_ONLY, "Answer only machines that are admitted or expected", "false"),
                choice(
                        NetworkSettings.ALLOW_FOREIGN,
                        "Start although another DHCP server answers on that network",
                        "false"),
                new Question(
                        NetworkSettings.SECURE_BOOT,
                        "UEFI machines with Secure Boot on are given signed boot loaders: false, http (those that boot"
                                + " over HTTP) or true (all; not in mode proxy)",
                        Question.Type.CHOICE,
                        "false",
                        true,
                        List.of("false", "http", "true")));
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

    private static Question choice(String name, String text, String proposed) {
        return new Question(name, text, Question.Type.BOOLEAN, proposed, true, List.of());
    }

    private static Question address(String name, String text) {
        return new Question(name, text, Question.Type.IPV4, "", false, List.of());
    }
}
