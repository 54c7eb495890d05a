package org.qrm.cli.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** The text menu and the wizards in it, by what is typed. */
public class ConfiguratorTest {

    private static final String WIZARD = "/plugins/xen/wizard";
    private static final String QUESTIONS = "{'questions':["
            + "{'name':'address','text':'Storage server','type':'ipv4','defaultAnswer':'','required':true},"
            + "{'name':'path','text':'Path','type':'path','defaultAnswer':'/diskimages/x','required':true},"
            + "{'name':'type','text':'Type','type':'choice','defaultAnswer':'NFS','choices':['NFS'],'required':true}],";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private StandInServer server;

    @Before
    public void start() throws IOException {
        server = new StandInServer();
        server.on(
                "GET /plugins",
                200,
                "{'items':[{'id':'nfs','state':'available','present':true,'configurable':false},"
                        + "{'id':'xen','state':'registered','present':true,'configurable':true}],'next':null}");
        server.on("PUT " + WIZARD + "/draft", 200, "{}");
    }

    @After
    public void stop() {
        server.close();
    }

    @Test
    public void asksUntilTheServerTakesTheAnswers() {
        wizard("'answers':{},'draft':{}}");
        server.on("PUT " + WIZARD, 422, "{'detail':'Wrong.','errors':{'address':'it does not answer'}}")
                .on("PUT " + WIZARD, 200, "{}");
        assertEquals(0, type("pluginconf", "Xen", "192.168.1", "192.168.1.5", "", "nfs", "192.168.1.6", "q"));
        assertSent("{\"address\":\"192.168.1.6\",\"path\":\"/diskimages/x\",\"type\":\"NFS\"}");
        assertTrue(out(), out().contains("That is no IPv4 address."));
        assertTrue(out(), out().contains("address: it does not answer"));
    }

    @Test
    public void asksAnewWhatIsWrongAndNothingElse() {
        wizard("'answers':{},'draft':{}}");
        server.on("PUT " + WIZARD, 422, "{'detail':'Wrong.','errors':{'path':'there is no such directory'}}")
                .on("PUT " + WIZARD, 200, "{}");
        assertEquals(0, type("pluginconf", "xen", "192.168.1.5", "/wrong", "", "/right", "q"));
        assertSent("{\"address\":\"192.168.1.5\",\"path\":\"/right\",\"type\":\"NFS\"}");
    }

    @Test
    public void tellsAllThatIsWrongAtOnceAndEachAgainAtItsQuestion() {
        wizard("'answers':{},'draft':{}}");
        server.on("PUT " + WIZARD, 422, "{'detail':'Wrong.','errors':{'path':'no directory','address':'silent'}}")
                .on("PUT " + WIZARD, 200, "{}");
        assertEquals(0, type("pluginconf", "xen", "192.168.1.5", "/wrong", "", "192.168.1.6", "/right", "q"));
        assertTrue(out(), out().contains("Wrong.\n  path: no directory\n  address: silent\n"));
        assertTrue(out(), out().contains("  silent\nStorage server (not 192.168.1.5; = tries it again): "));
        assertSent("{\"address\":\"192.168.1.6\",\"path\":\"/right\",\"type\":\"NFS\"}");
    }

    @Test
    public void doesNotProposeAgainWhatWasWrong() {
        wizard("'answers':{},'draft':{}}");
        server.on("PUT " + WIZARD, 422, "{'detail':'Wrong.','errors':{'path':'no directory'}}")
                .on("PUT " + WIZARD, 422, "{'detail':'Wrong.','errors':{'path':'no directory'}}")
                .on("PUT " + WIZARD, 200, "{}");
        assertEquals(0, type("pluginconf", "xen", "192.168.1.5", "/diskimages/x", "", "/wrong", "", "q"));
        assertTrue("the proposal was wrong itself", out().contains("Path (not /diskimages/x; = tries it again): "));
        assertTrue(out(), out().contains("Path (not /wrong; = tries it again) [/diskimages/x]: "));
        assertFalse(out(), out().contains("[/wrong]"));
    }

    @Test
    public void doesNotProposeADraftThatCannotBeRight() {
        wizard("'answers':{},'draft':{'path':'nowhere'}}");
        server.on("PUT " + WIZARD, 200, "{}");
        assertEquals(0, type("pluginconf", "xen", "192.168.1.5", "", "", "q"));
        assertTrue(out(), out().contains("Path [/diskimages/x]: "));
    }

    @Test
    public void triesTheSameAgainWhenTheWorldWasWrong() {
        wizard("'answers':{},'draft':{}}");
        server.on("PUT " + WIZARD, 422, "{'detail':'Wrong.','errors':{'address':'silent'}}")
                .on("PUT " + WIZARD, 200, "{}");
        assertEquals(0, type("pluginconf", "xen", "192.168.1.5", "", "", "=", "q"));
        assertSent("{\"address\":\"192.168.1.5\",\"path\":\"/diskimages/x\",\"type\":\"NFS\"}");
    }

    @Test
    public void goesBackToAnyQuestion() {
        wizard("'answers':{},'draft':{}}");
        server.on("PUT " + WIZARD, 422, "{'detail':'Wrong.','errors':{'type':'not with that address'}}")
                .on("PUT " + WIZARD, 200, "{}");
        assertEquals(
                0, type("pluginconf", "xen", "b", "1.1.1.1", "/x", "b", "/y", "", "b", "b", "2.2.2.2", "", "NFS", "q"));
        assertTrue(out(), out().contains("This is the first question."));
        assertSent("{\"address\":\"2.2.2.2\",\"path\":\"/y\",\"type\":\"NFS\"}");
    }

    @Test
    public void leavesAndKeepsTheAnswers() {
        wizard("'answers':{},'draft':{}}");
        assertEquals(0, type("pluginconf", "xen", "192.168.1.5", "q", "q"));
        List<String> requests = server.requests();
        assertEquals(
                "PUT " + WIZARD + "/draft {\"answers\":{\"address\":\"192.168.1.5\"}}",
                requests.get(requests.size() - 1));
        assertTrue(out(), out().contains("The answers are kept"));
        assertTrue("back in the menu", out().endsWith("pluginconf\n  q  quit\n> "));
    }

    @Test
    public void leavingWhatIsWrongIsAFailure() {
        wizard("'answers':{},'draft':{}}");
        server.on("PUT " + WIZARD, 422, "{'detail':'Wrong.','errors':{'address':'silent'}}");
        assertEquals(2, type("pluginconf", "xen", "192.168.1.5", "", "", "q", "q"));
    }

    @Test
    public void asksAllAgainWhenItIsNotSaidWhichAnswerIsWrong() {
        wizard("'answers':{},'draft':{}}");
        server.on("PUT " + WIZARD, 400, "{'detail':'They do not fit together.'}")
                .on("PUT " + WIZARD, 200, "{}");
        assertEquals(0, type("pluginconf", "xen", "1.1.1.1", "", "", "2.2.2.2", "", "", "q"));
        assertTrue(out(), out().contains("They do not fit together."));
        assertSent("{\"address\":\"2.2.2.2\",\"path\":\"/diskimages/x\",\"type\":\"NFS\"}");
    }

    @Test
    public void takesItsOwnWordsAsAnswersBehindABackslash() {
        server.on(
                        "GET " + WIZARD,
                        200,
                        "{'questions':[{'name':'a','text':'A','type':'text'},{'name':'b','text':'B','type':'text'},"
                                + "{'name':'c','text':'C','type':'text'}],'answers':{},'draft':{}}")
                .on("PUT " + WIZARD, 200, "{}");
        assertEquals(0, type("pluginconf", "xen", "\\q", "\\b", "\\x", "q"));
        assertSent("{\"a\":\"q\",\"b\":\"b\",\"c\":\"\\\\x\"}");
    }

    @Test
    public void failsWhenItsInputEndsTooEarly() {
        server.on(
                "GET " + WIZARD,
                200,
                "{'questions':[{'name':'a','text':'A','type':'text'},{'name':'b','text':'B','type':'text'}],"
                        + "'answers':{'b':'accepted'},'draft':{'b':'kept'}}");
        assertEquals(2, type("pluginconf", "xen", "first"));
        assertSent("draft", "{\"b\":\"kept\",\"a\":\"first\"}");
        assertTrue(out(), out().contains("B [kept]: "));
    }

    @Test
    public void tellsWhenAChangeTakesEffect() {
        wizard("'answers':{},'draft':{}}");
        server.on("PUT " + WIZARD, 200, "{'effect':'Hosts have it when they are started next.'}");
        type("pluginconf", "xen", "192.168.1.5", "", "", "q");
        assertTrue(out(), out().contains("Plug-in xen is configured. Hosts have it when they are started next.\n"));
        assertEquals(0, qrm("plugin", "configure", "xen", "path=/y"));
        assertTrue(out(), out().endsWith("is configured. Hosts have it when they are started next.\n"));
    }

    @Test
    public void showsWhereEachPluginStandsAndOnlyWhatLeadsSomewhere() {
        wizard("'answers':{},'draft':{}}");
        server.on("GET /plugins/xen", 200, plugin("registered", "'uninstall'"))
                .on("GET /plugins/xen", 200, plugin("configured", "'install','uninstall'"))
                .on("GET /plugins/xen", 200, plugin("installed", "'run-once','install','uninstall'"))
                .on("PUT " + WIZARD, 200, "{}")
                .on("POST /plugins/xen/actions", 202, "{'id':7}")
                .on("GET /operations/7", 200, "{'id':7,'state':'done'}");
        assertEquals(
                0, type("plugin", "xen", "install", "configure", "1.1.1.1", "", "", "install", "run_once", "q", "q"));
        assertTrue(out(), out().contains("  1  nfs  available\n  2  xen  registered\n"));
        assertTrue(
                out(),
                out().contains("Plug-in xen is registered\n  1  configure\n  2  uninstall\n  q  back\n> "
                        + "Type one of the numbers or words above.\n"));
        assertTrue(
                out(),
                out().contains(
                                "Plug-in xen is installed\n  1  configure\n  2  run_once\n  3  install\n  4  uninstall\n"));
        assertTrue(server.requests().toString(), server.requests().contains(act("install")));
        assertTrue(server.requests().toString(), server.requests().contains(act("run-once")));
    }

    @Test
    public void theStatusIsThatOfTheLastStepThatFailed() {
        server.on("GET /plugins/xen", 200, plugin("installed", "'run-once'"))
                .on("POST /plugins/xen/actions", 202, "{'id':7}")
                .on("GET /operations/7", 200, "{'id':7,'state':'failed','reason':'it rained'}");
        assertEquals(1, type("plugin", "xen", "run_once", "q", "q"));
    }

    @Test
    public void showsAWizardAsATable() {
        server.on(
                "GET " + WIZARD,
                200,
                QUESTIONS.replace(
                                "'questions':[",
                                "'questions':[{'name':'key','text':'Key','type':'secret','defaultAnswer':''},")
                        + "'answers':{'path':'/a','type':'NFS'},'draft':{'path':'/b'}}");
        assertEquals(0, qrm("plugin", "wizard", "xen"));
        assertEquals("""
                NAME     TYPE    ANSWER  DEFAULT        QUESTION
                key      secret                         Key
                address  ipv4                           Storage server
                path     path    /b      /diskimages/x  Path
                type     NFS     NFS     NFS            Type
                """, out());
    }

    private void wizard(String given) {
        server.on("GET " + WIZARD, 200, QUESTIONS + given);
    }

    private static String plugin(String state, String actions) {
        return "{'id':'xen','state':'" + state + "','present':true,'configurable':true,'actions':[" + actions + "]}";
    }

    private static String act(String action) {
        return "POST /plugins/xen/actions {\"action\":\"" + action + "\"}";
    }

    private void assertSent(String answers) {
        assertSent("", answers);
    }

    private void assertSent(String what, String answers) {
        String path = "PUT " + WIZARD + (what.isEmpty() ? "" : "/" + what);
        List<String> sent = server.requests().stream()
                .filter(request -> request.startsWith(path + " "))
                .toList();
        assertEquals(path + " {\"answers\":" + answers + "}", sent.get(sent.size() - 1));
    }

    private int type(String... lines) {
        return run(String.join("\n", lines) + "\n", "configurator");
    }

    private int qrm(String... words) {
        return run("", words);
    }

    private int run(String input, String... words) {
        return CommandLineOfQrm.run(
                words,
                new Session.Place(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new BufferedReader(new StringReader(input)),
                        Map.of("QRM_URL", server.url(), "QRM_PASSWORD", "secret"),
                        null));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
