package org.qrm.commands.noun;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.admission.AdmissionWindow;
import org.qrm.api.admission.Admissions;
import org.qrm.api.user.Role;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;

/** Which new machines may join. */
public final class AdmissionPaths implements Paths {

    private static final String PATH = "/admission";

    private final ApiServices services;

    enum Verb {
        OPEN,
        CLOSE,
        ADMIT_ALL,
        DROP_ALL
    }

    record Action(
            @About("what to do") Verb action,

            @About(value = "how long the window is open, 1 to 10080; for open", optional = true)
            Integer minutes,

            @About(value = "how many new machines it admits, 1 to 100000; for open", optional = true)
            Integer machines,

            @About(
                    value =
                            "only those with this in name, MAC address, address, vendor, product, serial number or UUID;"
                                    + " for admit-all",
                    optional = true)
            String text) {}

    record AdmissionView(
            @About("how many new machines wait to be admitted")
            long waiting,

            @About(
                    value = "until when new machines are admitted as they come; null while no window is open",
                    optional = true)
            Instant windowUntil,

            @About("how many more of them") int windowMachines) {}

    record ChangedView(
            @About("how many machines were admitted or forgotten")
            int changed,

            @About("as it stands now") AdmissionView admission) {}

    public AdmissionPaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(PATH, "How many new machines wait, and whether a window is open.")
                        .answers(200, AdmissionView.class)
                        .typed(VerbSketch.of("admission", "show"))
                        .by(call -> Answer.ok(view())),
                Route.post(
                                PATH + "/actions",
                                "Opens a window in which new machines are admitted as they come, or closes it; admits or"
                                        + " forgets all that wait.")
                        .only(Role.ADMIN)
                        .takes(Action.class)
                        .answers(200, ChangedView.class)
                        .typed(VerbSketch.action("admission", "open")
                                .about("Admits the next new machines as they come.")
                                .only("minutes", "machines")
                                .done("The window is open."))
                        .typed(VerbSketch.action("admission", "close")
                                .about("Lets new machines wait again.")
                                .only()
                                .done("New machines wait to be admitted."))
                        .typed(VerbSketch.action("admission", "admit-all")
                                .about("Admits all machines that wait, or those that match.")
                                .only("text")
                                .done("Machines admitted: {changed}."))
                        .typed(VerbSketch.action("admission", "drop-all")
                                .about("Forgets all machines that wait; each waits again when it boots.")
                                .only()
                                .done("Machines forgotten: {changed}."))
                        .by(this::act));
    }

    private Answer act(Call call) throws Exception {
        Action action = call.body(Action.class);
        Admissions admissions = services.admissions();
        boolean opens = action.action == Verb.OPEN;
        if (opens != (action.minutes != null) || opens != (action.machines != null)) {
            throw QrmException.invalid(
                    "change admission",
                    "",
                    "minutes and machines belong to open, and to that alone",
                    "Say for how long, and for how many machines.");
        }
        boolean matching = action.text != null;
        if (matching && (action.action != Verb.ADMIT_ALL || action.text.isBlank())) {
            throw QrmException.invalid(
                    "change admission",
                    Name.printable(action.text),
                    "text belongs to admit-all alone, and is not blank",
                    "Leave it out for all that wait.");
        }
        int changed = switch (action.action) {
            case OPEN -> {
                admissions.open(Duration.ofMinutes(action.minutes), action.machines);
                yield 0;
            }
            case CLOSE -> {
                admissions.close();
                yield 0;
            }
            case ADMIT_ALL -> admissions.admitWaiting(matching ? action.text : "");
            case DROP_ALL -> admissions.dropWaiting();
        };
        return Answer.ok(new ChangedView(changed, view()));
    }

    private AdmissionView view() {
        Optional<AdmissionWindow> window = services.admissions().window();
        return new AdmissionView(
                services.admissions().waiting(),
                window.map(AdmissionWindow::until).orElse(null),
                window.map(AdmissionWindow::machines).orElse(0));
    }
}
