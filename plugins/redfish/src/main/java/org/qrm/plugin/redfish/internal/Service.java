package org.qrm.plugin.redfish.internal;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.plugin.device.Fingerprint;

/**
 * The Redfish service that switches a machine.
 *
 * @param machine name of the machine, for people
 * @param address host, or host:port
 * @param password never in a log or a message
 * @param system id or path of the machine there; empty when it is the only one
 * @param fingerprint of the certificate that it must have; empty when an authority must have signed it
 * @param bootFromNetwork whether the machine is to boot from the network when it is switched on
 */
record Service(
        String machine,
        String address,
        String user,
        String password,
        String system,
        Optional<Fingerprint> fingerprint,
        boolean bootFromNetwork) {

    static final String SETTINGS = "Correct what the plug-in redfish was answered about this machine.";

    private static final int LONGEST_WORDS = 200;
    private static final int HTTPS = 443;

    /** @throws QrmException INVALID when an answer is not fit for a request */
    static Service of(String machine, Map<String, String> answers) {
        Map<String, String> wrong = ServiceQuestions.wrong(answers);
        if (!wrong.isEmpty()) {
            String all = wrong.entrySet().stream()
                    .map(each -> each.getKey() + ": " + each.getValue())
                    .collect(Collectors.joining("; "));
            throw QrmException.invalid("reach the Redfish service of", machine, all, SETTINGS);
        }
        return new Service(
                machine,
                answers.get(ServiceQuestions.ADDRESS),
                answers.get(ServiceQuestions.USER),
                answers.get(ServiceQuestions.PASSWORD),
                answers.getOrDefault(ServiceQuestions.SYSTEM, ""),
                Fingerprint.parse(answers.getOrDefault(ServiceQuestions.FINGERPRINT, "")),
                Boolean.parseBoolean(answers.getOrDefault(ServiceQuestions.BOOT_FROM_NETWORK, "true")));
    }

    /** Where each service begins (DSP0266). */
    URI root() {
        return URI.create("https://" + address + "/redfish/v1/");
    }

    /**
     * Where a reference leads that the service gave; empty when that is not at the service itself.
     *
     * @param from the resource that it was in
     */
    Optional<URI> follow(URI from, String reference) {
        URI to;
        try {
            to = from.resolve(new URI(reference));
        } catch (URISyntaxException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
        boolean here = "https".equalsIgnoreCase(to.getScheme())
                && to.getRawUserInfo() == null
                && root().getHost().equalsIgnoreCase(to.getHost())
                && port(root()) == port(to)
                && to.getRawPath() != null
                && to.getRawPath().startsWith("/");
        return here ? Optional.of(plain(to)) : Optional.empty();
    }

    private static int port(URI uri) {
        return uri.getPort() < 0 ? HTTPS : uri.getPort();
    }

    /** Without a fragment, which is no part of a request. */
    private URI plain(URI uri) {
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return URI.create("https://" + address + uri.getRawPath() + query);
    }

    /** RFC 7617. */
    String basic() {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /** What the service said, fit for a message: it may repeat what it was told. */
    String discreet(String words) {
        return Name.printable(
                words.replace(password, "…").replace(basic().substring("Basic ".length()), "…"), LONGEST_WORDS);
    }

    /** The machine and where its service is, for messages. */
    String subject() {
        return machine + " (Redfish service " + address + ")";
    }

    @Override
    public String toString() {
        return subject();
    }
}
