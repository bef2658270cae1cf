"""First names common in the news: whose they mostly are ("" where nobody can tell), and which are short for which. Pure."""

from __future__ import annotations

GIVEN_NAMES = {
    "m": frozenset(
        "james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony"
        " mark donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan jacob"
        " gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory frank alexander raymond"
        " patrick jack dennis jerry tyler aaron jose adam nathan henry douglas zachary peter kyle ethan walter noah"
        " jeremy christian keith roger austin sean gerald carl harold dylan arthur lawrence bryan"
        " billy bruce gabriel joe logan alan juan albert willie elijah wayne randy vincent mason roy ralph bobby russell"
        " bradley philip eugene mike dave jim bob bill tom dan steve jeff greg tim ben ted fred ken ron don doug rob"
        " rick nick matt tony andy pete phil ed joel neil ian ivan vladimir dmitry sergei sergey mikhail alexei nikolai"
        " volodymyr oleksandr viktor yuri boris igor pavel hans klaus jurgen pierre jacques francois michel luis"
        " carlos miguel pedro jorge fernando antonio francisco marco mario giuseppe ahmed mohammed muhammad mohamed"
        " hassan hussein omar ibrahim yusuf mustafa abdul rajesh sanjay amit arjun wei kenji hiroshi takeshi kofi kwame"
        " bernie hugh simon martin graham stuart colin nigel clive trevor oliver harry leo oscar felix lars erik"
        " anders olav sven nils karl otto emmanuel rafael diego pablo reza hamid tariq imran chuck corey cory"
        " craig curt curtis dean derek duncan earl evan glenn howard jay kurt lee lewis lloyd louis luke marc marcus"
        " maurice max mitch norman rand ray rudy rex rod shaun stan stanley stuart todd trent lionel elon kieran cody tyrone"
        " barack mitt newt darren gavin gareth rhys callum liam owen connor declan sean seamus aidan finn harvey jermaine"
        " devin dwayne wesley clarence vernon lamar malik jamal andre antoine xavier matteo luca lorenzo giovanni stefano"
        " sebastian fabian rasmus magnus johan jens soren mikael kasper jakub tomasz piotr andrzej wojciech marek janos"
        " istvan zoltan dragan goran zoran novak luka marko nikola aleksandar dmitri andrei konstantin maxim artem roman"
        " oleg anton valery gennady mehmet recep emre cem kaan yasser khalid faisal salman bashar hamza bilal usman anil"
        " ravi vijay rahul narendra ashok sunil vikram deepak manoj rohit virat satoshi shinzo yoshihide haruki kazuo taro"
        " chidi emeka olusegun jomo nelson desmond thabo cyril kwesi"
        " adrian antony isaac caleb seth jesus ruben hector hugo edgar ernest leonard milton lester leon alvin"
        " herman floyd gordon chester melvin clyde cecil dwight wallace gilbert mathew troy chad shane brett brent"
        " clint kirk lance colton marcelo thiago joao paulo rui nuno tiago gustavo rodrigo alejandro alberto"
        " roberto ricardo sergio javier raul ramon julio cesar ignacio joaquin mateo santiago emilio enrique gerardo"
        " guillermo salvador timo dieter wolfgang stefan matthias lukas jonas moritz florian sebastien thierry"
        " olivier laurent nicolas mathieu julien guillaume bruno yves alain bernard philippe gilles erling torsten"
        " bjorn gunnar leif olof oskar emil anatoly vitaly vyacheslav ruslan denys mykola petro taras bogdan ilya"
        " maksim kirill timur rustam aziz karim tarek samir nabil fadi rami ziad walid jamil mahmoud abdullah nasser"
        " ismail yousef osama ehud benny naftali yair avi moshe shlomo yosef noam kwabena femi tunde babatunde sipho"
        " themba julius uhuru jian hiro shigeru kazuhiro daisuke takashi koji narayan suresh ramesh mahesh dinesh"
        " ganesh arvind nitin pranav rishi sajid sadiq humza keir tobias tobin abraham abram ahmad akira alec aldo"
        " alonzo alton amos archie armando arnold arturo barry bart benedict bert boyd brad brendan brock byron"
        " carlton claude cliff clifford corbin cornelius damian damien damon darius darrell darryl daryl demetrius"
        " denny derrick dex dominic donnie donovan duane dustin earnest eddie edmund efrain elliott elliot elmer"
        " elvis emanuel emerson ernesto erwin esteban everett ezekiel ezra fabio fidel forrest freddie freddy garry"
        " geoff geoffrey geraldo gerard gino graeme greggory harrison henrik herb herbert hiram horace howie"
        " ibrahima irving irwin ivor jace jarvis javi jeb jed jeremiah jerome jett jimmy joachim joaquim joey johnny"
        " jon jonah jorgen josef josiah judd jude julian keegan kelvin kendrick kenny kermit kevyn kip kobe kristian"
        " lamont laurence leander leroy lonnie lorne lucas lucien lyle malcolm manny manuel marlon marv marvin"
        " mauricio maury mel micah michal mickey miroslav mohamad mohammad monty murray myles nate nikhil nolan"
        " omari orson orville otis piers quentin quincy ralf ramiro randall randolph raphael reggie reginald"
        " reuben rhett ricky robbie rocco rodney roderick rodolfo rolando rolf roland ronnie rory roscoe royce"
        " rudolf rudolph rupert ryder sammy saul scottie sid silas silvio sonny stevie sylvester tad terence"
        " terrance terrell terrence theo theodore toby tommy travis tristan vaughn vic vince virgil wally walt"
        " wendell wilbur wilfred winston woodrow wyatt xander yaakov yitzhak yoav zachariah zack zane"
        " allan alonso andreas andres arnie axel ayman barney beau bengt bertrand beto blaine brody bryce cathal"
        " cedric chaz christof cyrus dante dario davey deandre denis dermot dexter dhruv dimitri dirk dmitriy dom"
        " donal eduardo edwin eirik erick ernie ezequiel felipe fergus flynn franck franco frans fraser gabe garth"
        " gene gerry gianni gideon gil glen grover gunther hannes hasan haydn heinz henri humphrey iain inigo irvin"
        " isaiah ishaan jacinto jake jalen jared jarred jarrod jasper jayden jaylen jeremias jerod jeroen johnathan"
        " jonny josh josue jovan kaleb keanu kenan leland leonardo levi linus louie luc lyndon mads malachi markus"
        " mateusz mick mikey mohsen murad nathanael naveen niall nico niels nikolaj nikos noel ollie omer paddy"
        " pascal rafa raheem rahm raj rohan romain romeo rowland saif salim sami santi satya seb selim shaquille"
        " sharif shawn shayne sheldon sidharth sigmund simeon stephan stu suraj tadhg tahir tarun teddy thaddeus"
        " thom tod tomas tommaso topher trenton trey tuomas tyrese ulrich umar usain vinny waleed wes wojtek wout"
        " yanis yannick yash youssef zac zach zeke lavar deshawn darnell demarcus tyreek jaylon keenan lebron kawhi"
        " jayson draymond stephon kyrie dak tua mookie shohei patrik jaromir auston domantas"
        " danny dick frederick nathaniel alfie ozzie lenny donny ronny ned".split()
    ),
    "f": frozenset(
        "mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra"
        " kimberly emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca sharon laura cynthia"
        " kathleen amy angela shirley anna brenda pamela emma nicole helen samantha katherine christine debra rachel"
        " carolyn janet catherine maria heather diane ruth julie olivia joyce virginia victoria lauren christina"
        " evelyn judith megan cheryl hannah jacqueline martha gloria teresa ann anne sara madison frances"
        " kathryn janice abigail alice judy sophia grace denise amber doris marilyn danielle beverly isabella theresa"
        " diana natalie brittany charlotte marie kayla lori hillary carly elena olga natalia irina"
        " svetlana tatiana yulia oksana maria ursula ingrid greta astrid claire sophie camille isabelle lucia carmen"
        " fatima aisha leila zainab amina priya anjali sunita indira mei yuki keiko susana jill jane kate katie"
        " kathy sue wendy vicki tina tammy sally rosa peggy paula nina naomi monica molly miriam loretta"
        " lucy lily liz kirsten jenny holly gina gail fiona eva erin ellen elaine eileen"
        " connie claudia bridget beth becky audrey april allison alison theresa nikki kamala beyonce serena venus"
        " jada gwyneth keira saoirse siobhan niamh aoife fionnuala sinead orla nuala isla freya imogen pippa philippa harriet"
        " georgina rosalind winifred muriel sylvia vivian yvonne yvette chloe zoe phoebe penelope daphne iris ivy hazel flora"
        " clara nora cora stella bella ella ava mia layla chelsea brooke paige tiffany crystal amanda heidi ilse"
        " anneliese gretchen sigrid solveig ylva annika kirsti katarzyna agnieszka malgorzata joanna zuzana jana petra milena"
        " ivana jelena ludmila galina tamara larisa nadezhda yekaterina anastasia polina ksenia giorgia chiara francesca"
        " valentina paola ines beatriz mercedes pilar rocio dolores guadalupe esperanza catalina yasmin nadia samira rania"
        " maryam zahra shirin parisa deepika lakshmi sushma mamata sonia ayesha benazir malala sanae naoko ayako"
        " esther celinda eleanor adriana alejandra alexandra alexa alexandria alina amelia anita annabel annabelle"
        " annette annie antonia aria ariana arlene ashlee athena barb beatrice belinda bernadette bernice bertha"
        " bettina betsy bianca blanche bonnie brianna britney bridgette camila candace candice carla carlotta"
        " carmela carole caroline carolina carrie cassandra cassie cecilia celeste celia chantal charlene cherie"
        " chrissy christa christie cindy clare clarissa claudette cleo colette colleen constance consuelo corinne"
        " cristina daniela darlene debbie deirdre delia desiree dina dolly doreen dorothea edith edna elise eliza"
        " ellie elisa elisabeth elsa elsie emilia emilie erica erika ernestine estelle ethel eugenia eunice"
        " evangeline evie faye felicia felicity florence frida gabriela gabrielle genevieve geraldine gillian ginny"
        " giselle gladys glenda greer gwen gwendolyn halle helena henrietta hilary hilda ida ilona imelda inga"
        " ingeborg irene irma isabel isabela jacinda jaclyn janelle janine jasmine jayne jeanette jeanne jeannie"
        " jenna jeri joann joanne jocelyn jodi jodie johanna josefina josephine josie juanita juliana juliet julieta"
        " justine kara karin karina kari katharina katherina kathie katrina katya kaye kelley kelli kelsey kiera"
        " kirstin kitty kristen kristi kristin kristina kristine krista krystal lana lara latoya laurel lauri laurie"
        " leah leanne lena leonora letitia lidia lila lilian lilly lina lisbeth liv lois lola lora lorena lorna"
        " lorraine louisa louise lourdes lucille lucinda ludmilla luisa lydia lynda lynne mabel mackenzie madeleine"
        " madeline mae maeve magdalena mallory mandy manuela mara marcia margarita margo margot mari mariana"
        " marianne maribel marina marisa marisol marissa marjorie marlene marsha marta martina maureen mavis maxine"
        " maya meera melanie melinda melody meredith michaela mildred millie mimi mindy minnie miranda moira mona"
        " myra myrna nadine nan nanette natasha nell nella nellie nia nita noelle noreen norma octavia odette"
        " ophelia paloma pam patrice patsy patti patty pauline phyllis polly portia priscilla rachael ramona randi"
        " raquel reba rebekah regina renata renee rhea rhoda rhonda rita roberta rochelle romina ronda rosalie"
        " rosalyn rosanna roseanne rosemary rosie rowena roxanne sabine sabrina sadie salma sandi saskia selena"
        " selma shania shari sheila shelley shelly sheri sherri sherry silvia simone sonja sonya stefanie suzanne"
        " suzie suzy sybil tabitha tanya tasha tatyana teri terri tessa thelma therese tia tilda tonya tracey"
        " traci tricia trisha trudy uma valeria valerie vanessa velma vera verna veronica viola wanda wilhelmina"
        " willa wilma xiomara yolanda yuliya zadie zara zelda zuleika"
        " abbie abby adele agnes aileen aimee alana alanna aleksandra alicia alisa alissa allie alma alyssa anika"
        " antoinette antonella anya arianna becca bobbie brandi brigitte brynn caitlin caitlyn callie cara cathleen"
        " clarisse corinna cornelia dalia daria darla dawn deanna deb deepa demi della dinah edie effie elaina eleni"
        " elisha elle elodie emmy enid esme esmeralda ester farah fatou fernanda fran gabby gemma georgie geri gia"
        " giulia haley hallie hana hayley heike helga hermione ilhan irena ivanka jacinta janna jasmin jeanine"
        " jemima jenn jennie joelle julianne juliette kaitlin kaitlyn karla karolina katelyn katharine katia katy"
        " kaylee keisha kellyanne kendra keri khadija kiara kimberley kristy kyla kylie laila latasha lea leonie"
        " lesley lexi lillian livia luciana lucie lupe maddie maddy madelyn magda makayla malia manon marcy margaux"
        " mariah marianna marla marnie maura melania melina mila neha nisha niki padma penny poppy preeti rachelle"
        " radha raina rhiannon riya rosalia sabina safiya sanjana sarita scarlett selina shakira sharmila shauna"
        " shayla sheena sheryl sian silvana skye sofia solange soledad stefania steffi steph susanna susannah tamsin"
        " tania tara taryn tess thea theodora tilly tonia tori trina tulsi tyra ulrike usha veena vicky vidya vivien"
        " winnie yara yelena zendaya zeynep zoey tammie kimora simona"
        " cathy jen maggie meg izzy lizzie susie".split()
    ),
    # women's and men's alike
    "": frozenset(
        "alex alexis ali amal andrea angel ashley avery billie blake casey charlie chris courtney dana dominique"
        " drew frankie harper jackie jaime jamie jan jean jesse jessie joan jody jordan kelly kerry kim kit leslie"
        " lindsay lou lynn marion mika morgan nicola pat quinn reese rene riley robin rowan sam sandy sasha shannon"
        " shelby sidney skylar stacy sydney taylor terry toni tracy"
        " noor hayden dakota kasey carey emery ricki loren remy finley ellis misha".split()
    ),
}

# Forms of one name.
SHORT_FORMS = [
    frozenset(names.split())
    for names in (
        "robert rob bob bobby", "william will bill billy", "joseph joe", "michael mike", "thomas tom", "james jim jimmy",
        "daniel dan danny", "david dave", "steven stephen steve", "christopher chris", "matthew matt", "anthony tony",
        "andrew andy", "nicholas nick", "benjamin ben", "samuel sam", "edward ed eddie", "kenneth ken", "ronald ron",
        "donald don", "gregory greg", "timothy tim", "jeffrey jeff", "richard rick dick", "peter pete", "philip phil",
        "charles charlie chuck", "lawrence larry", "gerald jerry", "katherine catherine kate kathy cathy",
        "elizabeth liz beth betsy", "susan sue", "jennifer jen jenny", "rebecca becky", "margaret maggie meg peggy",
        "victoria vicky", "joshua josh", "zachary zach", "jonathan jon", "bernard bernie", "alexander alex", "patrick pat",
        "nathaniel nate", "frederick fred", "theodore ted", "eugene gene", "raymond ray", "douglas doug", "jacob jake",
    )
]  # fmt: skip
