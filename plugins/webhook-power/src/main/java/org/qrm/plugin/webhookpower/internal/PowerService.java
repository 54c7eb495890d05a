package org.qrm.plugin.webhookpower.internal;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.power.PowerAbility;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.Resource;
import org.qrm.plugin.device.Fingerprint;

/** What was answered about a machine: the services that switch it, and what is said to them. */
final class PowerService {

    static final String SETTINGS = "Correct what the plug-in webhook-power was answered about this machine.";

    private static final int LONGEST_WORDS = 200;

    private final Resource machine;
    private final Map<String, String> answers;

    private PowerService(Resource machine, Map<String, String> answers) {
        this.machine = machine;
        this.answers = answers;
    }

    /** @throws QrmException INVALID when an answer is not fit for a request */
    static PowerService of(Resource machine, Map<String, String> answers) {
        Map<String, String> wrong = SwitchQuestions.wrong(answers);
        if (!wrong.isEmpty()) {
            String all = wrong.entrySet().stream()
                    .map(each -> each.getKey() + ": " + each.getValue())
                    .collect(Collectors.joining("; "));
            throw QrmException.invalid("reach the power service of", machine.name(), all, SETTINGS);
        }
        return new PowerService(machine, answers);
    }

    /** Those that an address was answered for. */
    static Set<PowerAbility> abilities(Map<String, String> answers) {
        Set<PowerAbility> abilities = EnumSet.noneOf(PowerAbility.class);
        Map.of(
                        SwitchQuestions.ON_ADDRESS, PowerAbility.ON,
                        SwitchQuestions.OFF_ADDRESS, PowerAbility.OFF,
                        SwitchQuestions.SHUT_DOWN_ADDRESS, PowerAbility.SHUT_DOWN,
                        SwitchQuestions.STATE_ADDRESS, PowerAbility.STATE)
                .forEach((question, ability) -> {
                    if (!answers.getOrDefault(question, "").isEmpty()) {
                        abilities.add(ability);
                    }
                });
        return abilities;
    }

    boolean tellsState() {
        return !answer(SwitchQuestions.STATE_ADDRESS).isEmpty();
    }

    /** @throws QrmException REFUSED when no address was answered for that */
    HttpRequest order(PowerState wanted, Fault fault) {
        return wanted == PowerState.ON
                ? order(SwitchQuestions.ON_ADDRESS, SwitchQuestions.ON_BODY, fault)
                : order(SwitchQuestions.OFF_ADDRESS, SwitchQuestions.OFF_BODY, fault);
    }

    /** @throws QrmException REFUSED when no address was answered for that */
    HttpRequest shutDown(Fault fault) {
        return order(SwitchQuestions.SHUT_DOWN_ADDRESS, SwitchQuestions.SHUT_DOWN_BODY, fault);
    }

    private HttpRequest order(String where, String what, Fault fault) {
        Address address = address(where, fault);
        String body = answer(what);
        HttpRequest.Builder request = signed(address);
        if (body.isEmpty()) {
            return request.method(answer(SwitchQuestions.METHOD), HttpRequest.BodyPublishers.noBody())
                    .build();
        }
        return request.header("Content-Type", "application/json")
                .method(
                        answer(SwitchQuestions.METHOD),
                        HttpRequest.BodyPublishers.ofString(JsonText.fill(body, machine)))
                .build();
    }

    /** @throws QrmException REFUSED when no address was answered for that */
    HttpRequest question(Fault fault) {
        return signed(address(SwitchQuestions.STATE_ADDRESS, fault)).GET().build();
    }

    private Address address(String question, Fault fault) {
        String answered = answer(question);
        if (answered.isEmpty()) {
            throw fault.unanswered(question);
        }
        return Address.parse(answered);
    }

    private HttpRequest.Builder signed(Address address) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.of(machine));
        authorization().ifPresent(value -> request.header("Authorization", value));
        return request;
    }

    /** RFC 6750, or RFC 7617. */
    private Optional<String> authorization() {
        if (!answer(SwitchQuestions.TOKEN).isEmpty()) {
            return Optional.of("Bearer " + answer(SwitchQuestions.TOKEN));
        }
        return answer(SwitchQuestions.USER).isEmpty() ? Optional.empty() : Optional.of("Basic " + basic());
    }

    private String basic() {
        String both = answer(SwitchQuestions.USER) + ":" + answer(SwitchQuestions.PASSWORD);
        return Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }

    Optional<Fingerprint> fingerprint() {
        return Fingerprint.parse(answer(SwitchQuestions.FINGERPRINT));
    }

    Meaning meaning() {
        return new Meaning(
                answer(SwitchQuestions.POINTER), answer(SwitchQuestions.SAYS_ON), answer(SwitchQuestions.SAYS_OFF));
    }

    /** What the service said, fit for a message: it may repeat what it was told. */
    String discreet(String words) {
        String told = words;
        for (String secret : List.of(answer(SwitchQuestions.TOKEN), basic(), answer(SwitchQuestions.PASSWORD))) {
            told = secret.isEmpty() ? told : told.replace(secret, "…");
        }
        return Name.printable(told, LONGEST_WORDS);
    }

    /** For people. */
    String machine() {
        return machine.name();
    }

    /** The machine and where it is switched, for messages. */
    String subject() {
        String hosts = SwitchQuestions.ADDRESSES.stream()
                .map(this::answer)
                .filter(answered -> !answered.isEmpty())
                .map(answered -> Address.parse(answered).host())
                .distinct()
                .collect(Collectors.joining(", "));
        return machine.name() + " (power service " + hosts + ")";
    }

    private String answer(String question) {
        return answers.getOrDefault(question, "");
    }

    @Override
    public String toString() {
        return subject();
    }
}
