"""First names that are common in the news: whose they mostly are, and which are short for which. Pure."""

from __future__ import annotations

GIVEN_NAMES = {
    "m": frozenset(
        "james john robert michael william david richard joseph thomas charles chris christopher daniel matthew anthony"
        " mark donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan jacob"
        " gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory frank alexander raymond"
        " patrick jack dennis jerry tyler aaron jose adam nathan henry douglas zachary peter kyle ethan walter noah"
        " jeremy christian keith roger terry austin sean gerald carl harold dylan arthur lawrence jordan jesse bryan"
        " billy bruce gabriel joe logan alan juan albert willie elijah wayne randy vincent mason roy ralph bobby russell"
        " bradley philip eugene mike dave jim bob bill tom dan steve jeff greg tim ben sam ted fred ken ron don doug rob"
        " rick nick matt tony andy pete phil ed joel neil ian ivan vladimir dmitry sergei sergey mikhail alexei nikolai"
        " volodymyr oleksandr viktor yuri boris igor pavel hans klaus jurgen pierre jean jacques francois michel luis"
        " carlos miguel pedro jorge fernando antonio francisco marco mario giuseppe ahmed mohammed muhammad mohamed ali"
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
        " chidi emeka olusegun jomo nelson desmond thabo cyril kwesi".split()
    ),
    "f": frozenset(
        "mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra ashley"
        " kimberly emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca sharon laura cynthia"
        " kathleen amy angela shirley anna brenda pamela emma nicole helen samantha katherine christine debra rachel"
        " carolyn janet catherine maria heather diane ruth julie olivia joyce virginia victoria kelly lauren christina"
        " joan evelyn judith megan andrea cheryl hannah jacqueline martha gloria teresa ann anne sara madison frances"
        " kathryn janice jean abigail alice judy sophia grace denise amber doris marilyn danielle beverly isabella theresa"
        " diana natalie brittany charlotte marie kayla alexis lori hillary carly elena olga natalia irina"
        " svetlana tatiana yulia oksana maria ursula ingrid greta astrid claire sophie camille isabelle lucia carmen"
        " fatima aisha leila zainab amina priya anjali sunita indira mei yuki keiko amal susana jill jane kate katie"
        " kathy sue wendy vicki tina tammy sally robin rosa peggy paula nina naomi monica molly miriam lynn loretta"
        " lindsay lucy lily liz kirsten kim jenny jan holly gina gail fiona eva erin ellen elaine eileen dana"
        " connie claudia bridget beth becky audrey april allison alison theresa nikki taylor kamala beyonce serena venus"
        " jada gwyneth keira saoirse siobhan niamh aoife fionnuala sinead orla nuala isla freya imogen pippa philippa harriet"
        " georgina rosalind winifred muriel sylvia vivian yvonne yvette chloe zoe phoebe penelope daphne iris ivy hazel flora"
        " clara nora cora stella bella ella ava mia layla chelsea brooke paige courtney tiffany crystal amanda heidi ilse"
        " anneliese gretchen sigrid solveig ylva annika kirsti katarzyna agnieszka malgorzata joanna zuzana jana petra milena"
        " ivana jelena ludmila galina tamara larisa nadezhda yekaterina anastasia polina ksenia giorgia chiara francesca"
        " valentina paola ines beatriz mercedes pilar rocio dolores guadalupe esperanza catalina yasmin nadia samira rania"
        " maryam zahra shirin parisa deepika lakshmi sushma mamata sonia ayesha benazir malala sanae naoko ayako".split()
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
