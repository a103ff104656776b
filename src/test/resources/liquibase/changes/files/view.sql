SELECT 'Zoë' AS name -- ; 
