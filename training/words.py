"""Word lists of the corpus: how people phrase what they look for."""

ADJECTIVES = """
red orange yellow green blue purple pink brown black white grey gray golden silver beige tan dark bright pale
light colorful colourful colored striped spotted shiny glossy plain
big large huge giant enormous small little tiny miniature tall short long thin fat thick wide narrow
old new young ancient modern antique vintage broken damaged rusty dirty clean dusty wet dry
cute pretty beautiful lovely adorable sweet funny silly ugly cool nice good great amazing favorite favourite
happy sad angry scared sleepy tired lazy hungry playful friendly fluffy furry hairy fuzzy soft smooth shaggy
wild tame domestic stray lost hidden
round square flat curved pointed open closed empty full
hot cold warm fresh frozen tasty delicious ripe rotten
wooden metal plastic glass leather stone paper steel brass
fast slow heavy loud quiet expensive cheap fancy elegant simple strange weird mysterious special real fake
single lonely sitting standing sleeping running walking jumping flying swimming resting smiling lying eating
blurry unknown typical common rare famous
""".split()

TEMPLATES = """
a photo of {}
a photo of {}
a photo of {}.
a picture of {}
an image of {}
a photograph of {}
a snapshot of {}
photo of {}
picture of {}
a close-up of {}
a close-up photo of {}
a good photo of {}
a bad photo of {}
a blurry photo of {}
a black and white photo of {}
a low resolution photo of {}
a cropped photo of {}
a bright photo of {}
a dark photo of {}
a drawing of {}
a painting of {}
there is {} in the picture
there is {} in the scene
there is {} here
there are {}
this is {}
this is a photo of {}
that is {}
here is {}
it is {}
i see {}
i can see {}
we can see {} in this photo
find {}
find me {}
show me {}
where is {}
where is {}?
look at {}
detect {}
{} in the picture
{} in the photo
{} in the image
{} in the background
{} in the foreground
{} on the left
{} in the middle
{} outdoors
{} indoors
{} in the wild
{} from above
part of {}
close up of {}
an object: {}
""".strip().split("\n")

SINGULAR = ["a", "a", "a", "the", "the", "one", "my", "your", "his", "her", "our", "their", "this", "that", "some",
            "another", "any", "every", "each"]
PLURAL = ["two", "three", "four", "five", "six", "ten", "2", "3", "some", "many", "several", "a few", "the", "all the",
          "a group of", "a couple of", "a pair of", "lots of", "these", "those", "my", "more", "both"]

# {0} is what is looked for; {1} is only where it is or what it has
SCENES = """
{0} on {1}
{0} on top of {1}
{0} in {1}
{0} inside {1}
{0} under {1}
{0} behind {1}
{0} in front of {1}
{0} next to {1}
{0} near {1}
{0} beside {1}
{0} by {1}
{0} with {1}
{0} without {1}
{0} at {1}
{0} against {1}
{0} above {1}
{0} sitting on {1}
{0} sitting in {1}
{0} standing on {1}
{0} standing next to {1}
{0} lying on {1}
{0} sleeping on {1}
{0} resting on {1}
{0} riding {1}
{0} holding {1}
{0} carrying {1}
{0} eating {1}
{0} wearing {1}
{0} using {1}
{0} driving {1}
{0} watching {1}
{0} looking at {1}
{0} playing with {1}
{0} chasing {1}
{0} jumping over {1}
{0} is on {1}
{0} is in {1}
{0} that is on {1}
{0} surrounded by {1}
{0} full of {1}
{0} covered with {1}
{0} parked near {1}
""".strip().split("\n")

PAIRS = ["{0} and {1}", "{0} and {1}", "{0}, {1}", "{0} or {1}", "{0} & {1}", "both {0} and {1}", "{0} as well as {1}"]

# where something is, said with a word that itself shows nothing
PLACES = """
in the sky|on the grass|in the grass|in the water|on the water|on the street|on the road|in the garden|in the park
in the snow|on the floor|on the ground|in the room|in the forest|at night|at sunset|in the rain|in the sun
on the left|on the right|in the corner|in the distance|on a sunny day|in summer|in winter|at the zoo|on a wall
in a field|on a tree|on a branch|on a leaf|on a flower|on the beach|in the mountains|at home|in the city
""".replace("\n", "|").strip("|").split("|")

FUNCTION_WORDS = """
the a an and or but if then this that these those it its he she they we you i me him them us my your his her our
their what which who whom whose where when why how is are was were be been being do does did have has had will would
can could shall should may might must not no yes of in on at by for with about against between into through during
before after above below to from up down out off over under again further once here there all any both each few more
most other some such only own same so than too very just also now ever never always often maybe please hello thanks
okay one two three four five six seven eight nine ten first second third
""".split()
